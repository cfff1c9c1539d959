"""Labelled examples of one's own: found in a file under any of the names that make sense, refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnistspec.datasets.own_files import read_own
from mnistspec.diagnostics import BadData, DataUnavailable

from .making import data_of, loaded, write, write_picture

PIXELS = np.arange(3 * 784, dtype=np.uint32).reshape(3, 28, 28).astype(np.uint8)
LABELS = np.array([3, 1, 4])
DIGITS = "source: mnist_sample"


@pytest.mark.parametrize("keys", [("x", "y"), ("x_test", "y_test")])
def test_arrays_by_their_usual_names(keys: tuple[str, str], tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", **dict(zip(keys, (PIXELS, LABELS), strict=True)))
    own = read_own(tmp_path / "a.npz", data_of(DIGITS), loaded(DIGITS, tmp_path).preparation).examples
    assert np.array_equal(own.x["x"], PIXELS) and np.array_equal(own.y["y"], LABELS)


def test_arrays_by_the_names_that_the_runs_file_has(tmp_path: Path) -> None:
    keys = "x_train: {left: a, right: b}, y_train: c, x_test: {left: at, right: bt}, y_test: ct"
    text = f"source: {{npz: {{path: a.npz, {keys}}}}}"
    one, two, labels = np.zeros((4, 2)), np.ones((4, 3)), np.array([0, 1, 0, 1])
    np.savez(tmp_path / "a.npz", a=one, b=two, c=labels, at=one, bt=two, ct=labels)
    preparation = loaded(text, tmp_path).preparation
    np.savez(tmp_path / "new.npz", a=one + 5, b=two + 5, c=labels)
    own = read_own(tmp_path / "new.npz", data_of(text), preparation).examples
    assert own.x["left"].max() == 5 and own.x["right"].max() == 6 and own.y["y"].tolist() == [0, 1, 0, 1]
    own = read_own(tmp_path / "a.npz", data_of(text), preparation).examples
    assert own.x["left"].max() == 0


def test_an_autoencoder_needs_no_labels(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", x=PIXELS)
    np.savez(tmp_path / "train.npz", x_train=PIXELS)
    same = "source: {npz: {path: train.npz, y_train: same}}"
    own = read_own(tmp_path / "x.npz", data_of(same), loaded(same, tmp_path).preparation).examples
    assert np.array_equal(own.y["y"], own.x["x"])
    drawn = f"{DIGITS}\ntargets: x"
    assert not read_own(tmp_path / "x.npz", data_of(drawn), loaded(drawn, tmp_path).preparation).examples.y


def test_a_table_has_the_columns_and_words_of_training(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "a,c,y\n" + "1,red,no\n2,blue,yes\n" * 4)
    text = "source: {csv: {path: a.csv, label: y, categories: [c]}}"
    preparation = loaded(text, tmp_path).preparation
    write(tmp_path / "new.csv", "y,more,c,a\nyes,0,red,7\nyes,0,green,8\n")
    own = read_own(tmp_path / "new.csv", data_of(text), preparation).examples
    assert own.x["x"].tolist() == [[7, 2], [8, 0]] and own.y["y"].tolist() == [1, 1]
    write(tmp_path / "new.csv", "c,a,y\nred,7,maybe\n")
    with pytest.raises(BadData, match="'maybe' is not among the classes"):
        read_own(tmp_path / "new.csv", data_of(text), preparation)


def test_a_folder_of_pictures_names_the_classes(tmp_path: Path) -> None:
    for name in ("7/a.png", "7/b.png", "2/c.png"):
        write_picture(tmp_path / "mine" / name, 200, (30, 30))
    preparation = loaded(DIGITS, tmp_path).preparation
    own = read_own(tmp_path / "mine", data_of(DIGITS), preparation)
    assert own.examples.y["y"].tolist() == [2, 7, 7] and own.examples.x["x"].shape == (3, 28, 28)
    assert len(own.said) == 3
    write_picture(tmp_path / "mine" / "ten" / "d.png", 0)
    with pytest.raises(BadData, match="the run has no class `ten`"):
        read_own(tmp_path / "mine", data_of(DIGITS), preparation)


def test_what_cannot_be_such_examples_is_said(tmp_path: Path) -> None:
    data, preparation = data_of(DIGITS), loaded(DIGITS, tmp_path).preparation
    with pytest.raises(DataUnavailable, match="there is no such file"):
        read_own(tmp_path / "none.npz", data, preparation)
    for arrays, message in [
        ({"pixels": PIXELS, "y": LABELS}, r"no array of inputs \(`x_test`, `x`\); the file has `pixels`, `y`"),
        ({"x": PIXELS}, "no array `y` of labels"),
        ({"x": PIXELS, "y": LABELS[:2]}, "differ in the number of examples: `x` 3, `y` 2"),
        ({"x": PIXELS[:0], "y": LABELS[:0]}, "`x` holds no examples"),
    ]:
        np.savez(tmp_path / "a.npz", **arrays)
        with pytest.raises(BadData, match=message):
            read_own(tmp_path / "a.npz", data, preparation)
    write(tmp_path / "a.csv", "a\n1\n")
    with pytest.raises(BadData, match="not trained on a table"):
        read_own(tmp_path / "a.csv", data, preparation)
    write(tmp_path / "a.txt", "")
    with pytest.raises(BadData, match="a folder with one folder a class"):
        read_own(tmp_path / "a.txt", data, preparation)
