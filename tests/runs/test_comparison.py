from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from mnistspec.runs.run import Run

pytestmark = pytest.mark.keras


@pytest.fixture
def other(tiny_run: Run, tmp_path: Path) -> Run:
    """A copy of a run, to be changed."""
    from mnistspec.runs.run import open_run

    return open_run(Path(shutil.copytree(tiny_run.folder, tmp_path / "001")))


def test_a_copy_is_identical_whatever_the_clock_said(tiny_run: Run, other: Run) -> None:
    from mnistspec.runs.comparison import compare

    path = other.folder / "history.csv"
    rows = [line.split(",") for line in path.read_text().splitlines()]
    place = rows[0].index("seconds")
    path.write_text("\n".join(",".join([*row[:place], row[place] + "1", *row[place + 1 :]]) for row in rows[1:]))
    path.write_text(",".join(rows[0]) + "\n" + path.read_text() + "\n")
    found = compare(tiny_run, other)
    assert found.identical and found.environment == ()
    assert found.compared == ("the history", "the weights", "predictions.npz")


def test_the_first_epoch_that_differs_is_told(tiny_run: Run, other: Run) -> None:
    from mnistspec.runs.comparison import compare

    path = other.folder / "history.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:3], lines[3] + "1", lines[4] + "1"]) + "\n")
    assert compare(tiny_run, other).epoch == 3
    path.write_text("\n".join(lines[:3]) + "\n")
    assert compare(tiny_run, other).epoch == 3


def test_weights_and_predictions_that_differ_are_named(tiny_run: Run, other: Run) -> None:
    import h5py

    from mnistspec.runs.comparison import compare

    with h5py.File(other.folder / "model.weights.h5", "r+") as file:
        bias = file["layers/dense/vars/1"]
        bias[0] = np.nextafter(bias[0], np.float32(1))
    with np.load(other.folder / "predictions.npz") as kept:
        arrays = dict(kept)
    [name] = [name for name in arrays if name.startswith("prediction_")]
    arrays[name][0, 0] = -0.0
    np.savez(other.folder / "predictions.npz", **arrays)
    found = compare(tiny_run, other)
    assert (found.weights, found.predictions) == (("layers/dense/vars/1",), (name,)) and not found.identical


def test_without_a_file_of_weights_those_in_the_model_are_compared(tiny_run: Run, other: Run) -> None:
    from mnistspec.runs.comparison import compare

    (other.folder / "model.weights.h5").unlink()
    assert "the weights" in compare(tiny_run, other).compared and compare(tiny_run, other).identical
    (other.folder / "model.keras").unlink()
    assert "the weights" not in compare(tiny_run, other).compared
