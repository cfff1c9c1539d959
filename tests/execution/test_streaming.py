"""A run whose data stays on the disk leaves what it would leave with the data in memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import mnistspec

from .small import arrays, proven, record, spec_text, weights, without_seconds

pytestmark = pytest.mark.keras

_CALLBACKS = (
    "[{EarlyStopping: {monitor: val_loss, patience: 3, restore_best_weights: true}}, {CSVLogger: {filename: log.csv}}, "
    "{ModelCheckpoint: {filepath: '{epoch}-{batch}.weights.h5', save_weights_only: true, save_freq: 7}}]"
)


def text(file: str, *, fit: str = "epochs: 2, batch_size: 20", source: str = "") -> str:
    return spec_text(
        data=f"source: {{npz: {{path: {file}, test: 0.2{source}}}}}, validation: 0.2, "
        "prepare: {x: [{rescale: 255}, standardize]}",
        layers="[Flatten, {Dropout: {rate: 0.2}}, {Dense: {units: 10, activation: softmax}}]",
        fit=fit,
        more="deterministic: true\noutputs: {report: []}",
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where two files of the same pictures lie, and blocks are of three batches."""
    random = np.random.default_rng(0)
    pictures = {"x_train": random.integers(0, 256, (317, 6, 5)).astype("uint8"), "y_train": np.arange(317) % 10}
    np.savez(tmp_path / "a.npz", **pictures)
    np.savez_compressed(tmp_path / "packed.npz", **pictures)
    monkeypatch.setattr("mnistspec.training.streaming._BLOCK", 3 * 20 * (30 * 4 + 8))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(name: str, how: str, written: str) -> Path:
    Path(f"{name}.yaml").write_text(written)
    done = mnistspec.run(Path(f"{name}.yaml"), overrides=[f"data.hold={how}"])
    assert proven(done) and record(done.folder)["decisions"]["data.hold"]["value"] == how
    return done.folder


@pytest.mark.parametrize(
    "more", [{}, {"fit": "epochs: 3, batch_size: 20, steps_per_epoch: 7"}, {"fit": f"callbacks: {_CALLBACKS}"}], ids=str
)
def test_the_same_bits_as_from_memory(folder: Path, more: dict[str, str]) -> None:
    first = run("first", "stored", text("a.npz", **more))
    for file in ("a.npz", "packed.npz"):
        second = run("second", "streamed", text(file, **more))
        assert weights(first) == weights(second) and arrays(first) == arrays(second)
        assert without_seconds(first) == without_seconds(second)
        assert record(first)["metrics"] == record(second)["metrics"]
        assert record(first)["data"]["digest"] == record(second)["data"]["digest"]


def test_what_was_streamed_is_evaluated_again_to_the_same_numbers(folder: Path) -> None:
    from mnistspec.runs.evaluation import evaluate_run
    from mnistspec.runs.run import open_run

    there = run("again", "streamed", text("a.npz"))
    found = evaluate_run(open_run(there), split="test", data=None, batch_size=None, say=lambda _: None)
    assert found.metrics == found.before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes part by fork, which this system does not have")
def test_a_run_killed_between_two_steps_goes_on_to_the_same_bits(folder: Path) -> None:
    fit = f"epochs: 4, batch_size: 20, checkpoint: 3, callbacks: {_CALLBACKS}"
    (folder / "killed.yaml").write_text(text("a.npz", fit=fit).replace("validation:", "hold: streamed, validation:"))
    start, again = ["run", "-q", "killed.yaml"], ["run", "-q", "--resume", "runs/small/001"]
    program = [sys.executable, str(Path(__file__).with_name("killing.py")), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [*program, json.dumps([(start, "step 14"), (again, None)])],
        env=environment, capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout.splitlines()[-1]) == [-9, 0], done.stderr
    whole, killed = run("whole", "stored", text("a.npz", fit=fit)), folder / "runs" / "small" / "001"
    assert weights(whole) == weights(killed) and arrays(whole) == arrays(killed)
    assert without_seconds(whole) == without_seconds(killed)
    assert (whole / "log.csv").read_text() == (killed / "log.csv").read_text()
