"""What lies in a run's folder, that it is true, and that the run can be had again."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import mnistspec

from .small import FILES, arrays, history, proven, record, spec_text, weights, without_seconds

if TYPE_CHECKING:
    from mnistspec.runs.run import Run

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spec file, with the line ends of Windows and a comment."""
    path = tmp_path_factory.mktemp("spec") / "small.yaml"
    path.write_bytes(spec_text(more="# ä comment at the end").replace("\n", "\r\n").encode())
    return path


@pytest.fixture(scope="module")
def run(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One run of that spec."""
    return mnistspec.run(written, overrides=["fit.epochs=3"], out=tmp_path_factory.mktemp("runs"))


class TestFolder:
    def test_it_holds_the_files_that_are_promised_and_no_others(self, run: Run) -> None:
        assert run.folder.name == "001" and run.folder.parent.name == "small"
        assert {path.name for path in run.folder.iterdir()} == FILES

    def test_the_spec_is_kept_as_it_was_written(self, run: Run, written: Path) -> None:
        assert (run.folder / "spec.yaml").read_bytes() == written.read_bytes()

    def test_the_record_says_what_came_out(self, run: Run) -> None:
        kept = record(run.folder)
        assert (kept["status"], kept["name"], kept["number"], kept["seed"]) == ("finished", "small", 1, 7)
        assert kept["format"] == 1 and kept["kind"] == "sequential" and kept["finished"] >= kept["started"]
        assert kept["metrics"].keys() == {"train", "validation", "test"}
        assert all(metrics.keys() == {"loss", "accuracy"} for metrics in kept["metrics"].values())
        assert kept["epochs"] == {"asked": 3, "run": 3, "kept": 3, "batch_size": 20, "steps": 9}
        assert (kept["data"]["train"], kept["data"]["validation"], kept["data"]["test"]) == (180, 20, 60)
        assert kept["data"]["origin"] == "mnist_sample" and len(kept["data"]["digest"]) == 64
        output = kept["data"]["outputs"]["dense_1"]
        assert (output["task"], output["classes"], output["logits"]) == ("classification", 10, False)
        assert {"python", "mnistspec", "keras", "numpy"} <= kept["versions"].keys()
        assert kept["backend"] == "tensorflow" and kept["devices"] and kept["machine"]["cores"] >= 1
        assert kept["command"] == ["mnistspec.run", "fit.epochs=3"] and kept["warnings"] == []
        assert kept["steps_per_execution"] == 9 and kept["jit_compile"] is False
        decided = kept["decisions"]
        assert decided["compile.steps_per_execution"] == {"value": 9, "reason": "an epoch has 9"}
        assert decided["compile.jit_compile"]["value"] is False

    def test_the_timings_are_of_every_part_and_no_longer_than_the_whole(self, run: Run) -> None:
        timings = record(run.folder)["timings"]
        parts = {"import", "data", "build", "fit", "evaluate", "predict", "save", "verify"}
        assert timings.keys() == parts | {"total"} and all(timings[part] >= 0 for part in parts)
        assert sum(timings[part] for part in parts) <= timings["total"]

    def test_the_digests_are_of_the_files_as_they_lie_there(self, run: Run) -> None:
        kept = record(run.folder)["artifacts"]
        assert kept.keys() == FILES - {"run.json"}
        for name, stated in kept.items():
            held = (run.folder / name).read_bytes()
            assert stated == {"sha256": sha256(held).hexdigest(), "bytes": len(held)}

    def test_the_history_has_a_row_an_epoch_and_ends_in_the_metrics(self, run: Run) -> None:
        rows = history(run.folder)
        measured = ["accuracy", "loss", "val_accuracy", "val_loss"]
        assert list(rows[0]) == ["epoch", "seconds", *measured, "learning_rate"]
        assert [row["epoch"] for row in rows] == ["1", "2", "3"]
        metrics = run.metrics
        assert {name: float(rows[-1][name]) for name in ("accuracy", "loss")} == metrics["train"]
        assert float(rows[-1]["val_loss"]) == pytest.approx(metrics["validation"]["loss"], rel=1e-5)

    def test_the_metrics_are_what_plain_keras_measures_on_the_test_set(self, run: Run) -> None:
        kept = np.load(run.folder / "predictions.npz")
        right = kept["prediction_dense_1"].argmax(axis=1) == kept["target_dense_1"]
        assert right.mean() == pytest.approx(run.metrics["test"]["accuracy"])
        assert proven(run) and record(run.folder)["verification"]["model.keras"]["compared"] == 60


class TestAgain:
    def test_the_resolved_spec_runs_to_the_same_weights(self, run: Run, tmp_path: Path) -> None:
        result = mnistspec.check(run.folder / "resolved.yaml")
        assert result.diagnostics == ()
        again = mnistspec.run(run.folder / "resolved.yaml", out=tmp_path)
        assert weights(again.folder) == weights(run.folder) and arrays(again.folder) == arrays(run.folder)
        assert without_seconds(again.folder) == without_seconds(run.folder)

    def test_a_seed_from_the_system_is_written_down_and_gives_the_same_run(self, tmp_path: Path) -> None:
        text = spec_text(fit="epochs: 1, batch_size: 20")
        first, other = (mnistspec.run(text, overrides=["seed=null"], out=tmp_path) for _ in range(2))
        seed = record(first.folder)["seed"]
        assert isinstance(seed, int) and seed != record(other.folder)["seed"]
        assert f"seed: {seed}\n" in (first.folder / "resolved.yaml").read_text("utf-8")
        again = mnistspec.run(text, overrides=[f"seed={seed}"], out=tmp_path)
        assert weights(again.folder) == weights(first.folder) != weights(other.folder)
        assert [first.folder.name, other.folder.name, again.folder.name] == ["001", "002", "003"]
