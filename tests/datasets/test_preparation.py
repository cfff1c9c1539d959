from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mnistspec.datasets.preparation import Preparation
from mnistspec.diagnostics import BadData

from .making import loaded, write, write_picture

PICTURES = "source: mnist_sample\nlimit: {train: 200, test: 50}\nprepare: "


@pytest.mark.parametrize(
    "prepare",
    [
        "{x: [{rescale: 255}, {reshape: [784]}], y: [one_hot]}",
        "{x: [standardize, {expand_dims: -1}]}",
        "{x: [{reshape: [784]}, standardize]}",
        "{x: [{expand_dims: -1}, {resize: [14, 14]}, grayscale, normalize]}",
        "{x: [{cast: float16}], y: [{cast: int32}]}",
    ],
)
def test_saved_and_read_back_it_does_to_raw_input_exactly_what_training_did(prepare: str, tmp_path: Path) -> None:
    data = loaded(PICTURES + prepare, tmp_path)
    again = Preparation.from_json(json.loads(json.dumps(data.preparation.to_json())))
    assert again == data.preparation
    ready = again.apply_x(data.test.raw)
    assert ready["x"].dtype == data.test.x["x"].dtype and np.array_equal(ready["x"], data.test.x["x"])


def test_tables_and_pictures_keep_their_layout(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "a,c,y\n" + "1,red,no\n2,blue,yes\n" * 4)
    table = loaded("source: {csv: {path: a.csv, label: y, categories: [c]}}", tmp_path).preparation
    assert Preparation.from_json(json.loads(json.dumps(table.to_json()))) == table
    assert table.layout.categories == {"c": ("blue", "red")} and table.layout.classes == {"y": ("no", "yes")}
    for name in "ab":
        write_picture(tmp_path / "p" / name / "1.png")
        write_picture(tmp_path / "p" / name / "2.png")
    pictures = loaded("source: {images: {path: p, image_size: [4, 4]}}", tmp_path).preparation
    assert Preparation.from_json(json.loads(json.dumps(pictures.to_json()))) == pictures
    assert pictures.layout.classes == ("a", "b")


def test_raw_input_of_another_form_is_refused(tmp_path: Path) -> None:
    preparation = loaded(PICTURES + "{x: [{rescale: 255}]}", tmp_path).preparation
    for arrays, message in [
        ({"z": np.zeros((1, 28, 28), np.uint8)}, "The model takes the arrays `x`, but was given `z`"),
        ({"x": np.zeros((1, 28, 27), np.uint8)}, r"Examples of `x` are \(28, 28\), but these are \(28, 27\)"),
        ({"x": np.zeros((1, 28, 28), np.float32)}, r"integers \(uint8\), but these are float32"),
    ]:
        with pytest.raises(BadData, match=message):
            preparation.apply_x(arrays)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"version": 2},
        {"version": 1, "x": []},
        [],
        {"version": 1, "x": {"x": [{"step": "eval", "options": {}, "state": {}}]}},
    ],
)
def test_a_document_that_is_none_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(BadData, match="no preparation that this version"):
        Preparation.from_json(document)
