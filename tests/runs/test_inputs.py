"""What a run is asked to predict: read in order, prepared by what the run saved, refused in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mnistspec.datasets.facts import ArrayFacts
from mnistspec.datasets.fitted import FittedStep
from mnistspec.datasets.preparation import Preparation
from mnistspec.datasets.sources.mnist_sample import DIGITS
from mnistspec.diagnostics import BadData, DataUnavailable, UsageError
from mnistspec.runs.inputs import Example, Examples, model_inputs, open_inputs, preparation_of
from mnistspec.runs.run import Run

MNIST = Preparation(
    x={"x": (FittedStep("rescale", {"divisor": 255}),)},
    y={"y": ()},
    raw={"x": ArrayFacts((28, 28), "uint8", 0, 255)},
    class_names=DIGITS,
)
PAIR = Preparation(
    x={"left": (), "right": ()},
    y={"y": ()},
    raw={"left": ArrayFacts((2,), "float32"), "right": ArrayFacts((3,), "float32")},
)


def read_inputs(preparation: Preparation, paths: list[Path], **options: Any) -> Examples:
    """All the examples, where they are few."""
    (part,) = open_inputs(preparation, paths, **options).parts(32)
    return part


def test_files_and_folders_one_after_the_other_prepared_as_in_training(tmp_path: Path) -> None:
    np.save(tmp_path / "two.npy", np.full((2, 28, 28), 255, np.uint8))
    (tmp_path / "pictures").mkdir()
    for name in ("p10.png", "p9.png"):
        Image.new("L", (28, 28), 51).save(tmp_path / "pictures" / name)
    found = read_inputs(MNIST, [tmp_path / "two.npy", tmp_path / "pictures"], invert="no")
    assert found.arrays["x"].shape == (4, 28, 28)
    assert found.arrays["x"].max(axis=(1, 2)) == pytest.approx([1, 1, 0.2, 0.2])
    places = [(Path(origin.input).name, origin.row) for origin in found.origins]
    assert places == [("two.npy", 0), ("two.npy", 1), ("p9.png", 0), ("p10.png", 0)]


def test_a_single_example_without_the_axis_of_examples_is_taken_as_one(tmp_path: Path) -> None:
    np.save(tmp_path / "one.npy", np.zeros((28, 28), np.uint8))
    found = read_inputs(MNIST, [tmp_path / "one.npy"])
    assert found.arrays["x"].shape == (1, 28, 28)
    assert found.origins == (Example(str(tmp_path / "one.npy"), 0, "taken as one example"),)


def test_several_inputs_by_name(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", right=np.ones((4, 3), np.float32), left=np.zeros((4, 2), np.float32))
    found = read_inputs(PAIR, [tmp_path / "a.npz"])
    given = model_inputs(found.arrays, ("right", "left"))
    assert list(given) == ["right", "left"] and given["right"].shape == (4, 3)
    assert model_inputs({"x": found.arrays["left"]}, ("input",)) is found.arrays["left"]
    with pytest.raises(BadData, match="an input `middle`"):
        model_inputs(found.arrays, ("left", "middle"))


@pytest.mark.parametrize(("arrays", "message"), [
    ({"left": np.zeros((4, 2)), "right": np.zeros((5, 3))}, "differ in the number of examples: `left` 4, `right` 5"),
    ({"left": np.zeros((4, 2)), "right": np.zeros((4, 9))}, r"Examples of `right` are \(3,\), but these are \(9,\)"),
    ({"left": np.zeros((4, 2))}, "takes the arrays `left`, `right`; the file has left"),
])  # fmt: skip
def test_other_arrays_are_refused_with_the_shapes_wanted_and_found(arrays, message: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(BadData, match=rf"a\.npz: .*{message}"):
        read_inputs(PAIR, [tmp_path / "a.npz"])


def test_no_file_and_no_sense(tmp_path: Path) -> None:
    with pytest.raises(DataUnavailable, match="there is no such file"):
        read_inputs(MNIST, [tmp_path / "none.png"])
    np.save(tmp_path / "a.npy", np.zeros((1, 28, 28), np.uint8))
    with pytest.raises(UsageError, match="`--invert yes` is for pictures"):
        read_inputs(MNIST, [tmp_path / "a.npy"], invert="yes")
    with pytest.raises(UsageError, match="there are auto, yes, no"):
        read_inputs(MNIST, [], invert="perhaps")


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(BadData, match="Python objects"):
        read_inputs(MNIST, [tmp_path / "a.npy"])


def test_a_run_that_came_to_no_data_has_no_preparation(tmp_path: Path) -> None:
    assert preparation_of(Run(tmp_path, {"data": {"preparation": MNIST.to_json()}})) == MNIST
    for record in ({}, {"data": None}, {"data": {"source": "mnist"}}):
        with pytest.raises(UsageError, match="does not say how its data were prepared"):
            preparation_of(Run(tmp_path, record))
