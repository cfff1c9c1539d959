from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from mnistspec.diagnostics import UsageError
from mnistspec.runs.run import Run, open_run


def made(folder: Path, status: str = "finished", **more: Any) -> Path:
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"format": 1, "status": status, **more}))
    return folder


def test_a_run_is_read_from_its_folder(tmp_path: Path) -> None:
    folder = made(tmp_path / "001", metrics={"test": {"loss": 0.5}})
    run = open_run(folder)
    assert run.folder == folder and run.metrics == {"test": {"loss": 0.5}}


def test_a_folder_of_runs_means_its_newest_that_finished(tmp_path: Path) -> None:
    for number, status in ((2, "finished"), (10, "finished"), (11, "interrupted"), (12, "failed"), (13, "running")):
        made(tmp_path / f"{number:03d}", status)
    (tmp_path / "014").mkdir()
    made(tmp_path / "newer")
    assert open_run(tmp_path).folder == tmp_path / "010"


def test_where_none_finished_the_newest_is_meant(tmp_path: Path) -> None:
    for number in (1, 2):
        made(tmp_path / f"{number:03d}", "interrupted")
    assert open_run(tmp_path).folder == tmp_path / "002"


@pytest.mark.parametrize("name", ["nowhere", "empty", "file"])
def test_what_is_no_run_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match=r"no run's folder.*mnistspec run"):
        open_run(tmp_path / name)


@pytest.mark.parametrize("text", ["{", "", "\xff\xfe", "[1]", '{"format": 2}', "{}", '"format"'])
def test_a_record_that_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text, encoding="latin-1")
    with pytest.raises(UsageError, match=r"run\.json"):
        open_run(tmp_path)


def test_without_a_record_it_is_told_what_is_still_of_use(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{")
    (tmp_path / "model.keras").touch()
    (tmp_path / "resolved.yaml").touch()
    with pytest.raises(UsageError) as told:
        open_run(tmp_path)
    ways = f"; Keras can still load `{tmp_path / 'model.keras'}`, and `mnistspec run {tmp_path / 'resolved.yaml'}`"
    assert f"{ways} trains anew" in str(told.value)


def test_a_run_that_measured_nothing_has_no_metrics(tmp_path: Path) -> None:
    assert Run(tmp_path, {"metrics": None}).metrics == {} and Run(tmp_path, {}).metrics == {}


def test_a_loss_that_was_lost_is_not_a_number(tmp_path: Path) -> None:
    found = open_run(made(tmp_path / "001", metrics={"test": {"loss": None, "accuracy": 0.1}, "train": None})).metrics
    assert math.isnan(found["test"]["loss"]) and found["test"]["accuracy"] == 0.1 and found["train"] is None


def test_a_run_without_a_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no model\.keras; its status is `failed`"):
        Run(tmp_path, {"status": "failed"}).model()


@pytest.mark.keras
def test_the_model_is_the_trained_one(tiny_run: Run) -> None:
    import numpy as np

    kept = np.load(tiny_run.folder / "predictions.npz")
    pictures = kept["sample_x"].astype("float32") / 255
    found = open_run(tiny_run.folder.parent).model()(pictures).numpy()
    assert np.allclose(found, kept["prediction_dense_1"][kept["sample_index"]], atol=1e-6)


@pytest.mark.keras
@pytest.mark.parametrize("damage", ["empty", "cut", "not a model", "changed"])
def test_a_damaged_model_is_told_in_a_sentence(tiny_run: Run, tmp_path: Path, damage: str) -> None:
    whole = (tiny_run.folder / "model.keras").read_bytes()
    middle = len(whole) // 2
    bytes_of = {
        "empty": b"",
        "cut": whole[:middle],
        "not a model": b"PK\x05\x06" + bytes(18),
        "changed": whole[:60] + bytes(20_000) + whole[20_060:],
    }
    (tmp_path / "model.keras").write_bytes(bytes_of[damage])
    with pytest.raises(UsageError, match="cannot be loaded") as caught:
        Run(tmp_path, tiny_run.record).model()
    assert "\n" not in str(caught.value)
