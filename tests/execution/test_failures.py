"""What is left of a run that fails or is interrupted, and what it says."""

from __future__ import annotations

import errno
import os
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mnistspec
from mnistspec import disk
from mnistspec.diagnostics import (
    BadData,
    DataUnavailable,
    MissingExtra,
    OutputFailed,
    ProofFailed,
    RunFailed,
    SpecInvalid,
)
from mnistspec.exporters import deployment

from .small import FILES, history, record, spec_text, weights

pytestmark = pytest.mark.keras


def _full(path: Path, fill: Any, **size: int) -> None:
    raise OutputFailed(f"the disk is full: `{path}` could not be written")


class TestFailures:
    def failed(self, tmp_path: Path, kind: type[Exception], text: str | None = None, *overrides: str) -> str:
        with pytest.raises(kind) as caught:
            mnistspec.run(text or spec_text(), overrides=overrides, out=tmp_path)
        assert "\n" not in str(caught.value) or kind is SpecInvalid
        return str(caught.value)

    def test_a_spec_without_what_a_run_needs(self, tmp_path: Path) -> None:
        text = "mnistspec: 1\nmodel: {kind: sequential, input: [2], layers: [{Dense: {units: 1}}]}\n"
        with pytest.raises(SpecInvalid) as caught:
            mnistspec.run(text, out=tmp_path)
        [diagnostic] = caught.value.diagnostics
        assert diagnostic.code == "E415" and "`data:` and `compile:` and `fit:`" in diagnostic.message
        assert not list(tmp_path.iterdir())

    def test_data_that_cannot_be_had_leave_no_folder(self, tmp_path: Path) -> None:
        data = "source: {npz: {path: nowhere.npz}}"
        said = self.failed(tmp_path, DataUnavailable, spec_text(data=data, model="kind: sequential, input: [2]"))
        assert "nowhere.npz" in said and not list(tmp_path.iterdir())

    def test_an_id_that_a_layer_does_not_take_is_told_before_the_training(self, tmp_path: Path) -> None:
        data = "source: mnist_sample, limit: {train: 200, test: 60}"
        layers = "[Flatten, {Embedding: {input_dim: 200, output_dim: 1, name: looked}}, Flatten, {Dense: {units: 10}}]"
        said = self.failed(tmp_path, BadData, spec_text(data=data, layers=layers))
        assert said == (
            "`input` of the train split has the id 255, but `looked` takes the ids 0 to 199; write `input_dim: 256`."
        )
        assert not list(tmp_path.iterdir())

    def test_a_class_that_the_output_does_not_have_is_told_before_the_training(self, tmp_path: Path) -> None:
        """TensorFlow stops in the midst of it, XLA gives a NaN, and JAX trains on."""
        x, path = np.zeros((20, 4), "float32"), (tmp_path / "a.npz").as_posix()
        np.savez(path, x_train=x, y_train=np.arange(20) % 3, x_test=x, y_test=np.arange(20) % 4)
        data, layers = f"source: {{npz: {{path: '{path}'}}}}", "[{Dense: {units: 3, name: kind}}]"
        said = self.failed(tmp_path / "runs", BadData, spec_text(data=data, layers=layers))
        assert "`kind` gives 3 values" in said and "the class 3 in the test split" in said
        assert not list((tmp_path / "runs").iterdir())

    def test_a_path_out_of_the_folder_leaves_no_folder(self, tmp_path: Path) -> None:
        fit = "epochs: 1, callbacks: [{CSVLogger: {filename: ../log.csv}}]"
        self.failed(tmp_path, SpecInvalid, spec_text(fit=fit))
        assert not list(tmp_path.iterdir())

    def test_an_export_whose_runtime_is_missing_is_told_before_anything_runs(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(deployment, "find_spec", lambda name: None)
        said = self.failed(tmp_path, MissingExtra, spec_text(more="outputs: {export: [onnx]}"))
        assert "pip install 'mnistspec[onnx]'" in said and not list(tmp_path.iterdir())

    @pytest.mark.parametrize(
        ("predict", "reason"),
        [
            (lambda path, given: {"dense_1": np.zeros((32, 10))}, "it predicts otherwise than the model"),
            (lambda path, given: {"dense_1": np.zeros((32, 9))}, "it predicts otherwise than the model"),
            (lambda path, given: {}["dense_1"], "dense_1"),
        ],
        ids=["other numbers", "another shape", "an error"],
    )
    def test_an_export_that_is_not_the_model_is_left_out_and_all_else_is_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, predict: Any, reason: str
    ) -> None:
        monkeypatch.setitem(deployment.FORMATS, "litert", replace(deployment.FORMATS["litert"], predict=predict))
        said = self.failed(tmp_path, RunFailed, spec_text(more="outputs: {export: [saved_model, litert]}"))
        [folder] = (tmp_path / "small").iterdir()
        kept = record(folder)
        assert said.startswith("the export to litert failed: ") and kept["status"] == "failed"
        assert reason in kept["exports"]["litert"]["error"] and "error" not in kept["exports"]["saved_model"]
        assert all(check["identical"] for check in kept["verification"].values())
        assert {path.name for path in folder.iterdir()} == {*FILES, "saved_model"}
        assert "FAILED: " in (folder / "report.md").read_text("utf-8")

    def test_a_training_that_breaks_off_in_its_first_epoch_leaves_no_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*arguments: Any) -> None:
            raise ValueError("a callback fails")

        monkeypatch.setattr("keras.callbacks.EarlyStopping.on_train_begin", fail)
        said = self.failed(
            tmp_path, RunFailed, spec_text(fit="epochs: 1, callbacks: [{EarlyStopping: {monitor: loss}}]")
        )
        assert said == "training stopped: a callback fails"
        assert not list(tmp_path.iterdir())

    def test_a_training_that_breaks_off_later_keeps_its_history(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*arguments: Any) -> None:
            raise ValueError("a callback fails")

        monkeypatch.setattr("keras.callbacks.ModelCheckpoint.on_epoch_end", fail)
        fit = "epochs: 3, batch_size: 20, callbacks: [{ModelCheckpoint: {filepath: best.keras}}]"
        said = self.failed(tmp_path, RunFailed, spec_text(fit=fit))
        [folder] = (tmp_path / "small").iterdir()
        kept = record(folder)
        assert (kept["status"], kept["error"], kept["epochs"]["run"]) == ("failed", said, 1)
        assert len(history(folder)) == 1

    def test_a_training_that_breaks_off_says_how_to_go_on_where_its_state_was_saved(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(callback: Any, epoch: int, logs: Any = None) -> None:
            if epoch == 1:
                raise ValueError("a callback fails")

        monkeypatch.setattr("keras.callbacks.ModelCheckpoint.on_epoch_end", fail)
        fit = "epochs: 3, batch_size: 20, checkpoint: epoch, callbacks: [{ModelCheckpoint: {filepath: best.keras}}]"
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always", UserWarning)
            self.failed(tmp_path, RunFailed, spec_text(fit=fit))
        [said] = {str(warning.message) for warning in told if warning.category is UserWarning}
        assert "the training stays saved as far as it was; `mnistspec run --resume" in said

    @pytest.mark.parametrize(
        ("number", "said"), [(errno.ENOSPC, "the disk is full: "), (errno.EACCES, "may not be written to; allow it")]
    )
    def test_a_callbacks_file_that_cannot_be_written_is_told_as_that(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
    ) -> None:
        def fail(callback: Any, epoch: int, logs: Any = None) -> None:
            if epoch == 1:
                raise OSError(number, os.strerror(number), "log.csv")

        monkeypatch.setattr("keras.callbacks.CSVLogger.on_epoch_end", fail)
        fit = "epochs: 3, batch_size: 20, callbacks: [{CSVLogger: {filename: log.csv}}]"
        assert said in self.failed(tmp_path, OutputFailed, spec_text(fit=fit))
        [folder] = (tmp_path / "small").iterdir()
        assert (record(folder)["status"], len(history(folder))) == ("failed", 2)

    def test_a_full_disk_costs_the_checkpoint_then_the_model_and_never_the_history(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(folder: Path, size: int) -> None:
            if size > 10_000:  # as large as the weights are
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(disk, "require_room", full)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always", UserWarning)
            said = self.failed(tmp_path, OutputFailed, spec_text(fit="epochs: 2, batch_size: 20, checkpoint: epoch"))
        assert {str(warning.message) for warning in told} == {
            "no checkpoint could be written (No space left on device); the training goes on"
        }
        [folder] = (tmp_path / "small").iterdir()
        assert "the disk is full" in said and "model.keras" in said
        assert (record(folder)["status"], len(history(folder))) == ("failed", 2)

    def test_a_disk_that_is_full_for_the_model_alone_is_told_with_the_way_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        spec = spec_text(fit="epochs: 2, batch_size: 20, checkpoint: epoch")
        with monkeypatch.context() as patched, warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always", UserWarning)
            patched.setattr("mnistspec.finishing.write_whole", _full)
            self.failed(tmp_path, OutputFailed, spec)
        [folder] = (tmp_path / "small").iterdir()
        [said] = {str(warning.message) for warning in told}
        assert f"`mnistspec run --resume {folder}` takes it up again" in said
        assert len(list((folder / "checkpoint").iterdir())) == 2

    def test_a_clock_that_archives_do_not_know_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("time.time", lambda: 0.0)
        said = self.failed(tmp_path, RunFailed, spec_text(fit="epochs: 1, batch_size: 20"))
        assert said == "saving failed: ZIP does not support timestamps before 1980"
        assert record(tmp_path / "small" / "001")["status"] == "failed"

    def test_weights_that_do_not_predict_the_same_fail_the_run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import h5py

        from mnistspec import finishing

        written = finishing.write_whole

        def damage(path: Path, fill: Any, **size: int) -> None:
            written(path, fill, **size)
            if path.name == "model.weights.h5":
                with h5py.File(path, "r+") as file:
                    bias = file["layers/dense_1/vars/1"]
                    bias[0] = bias[0] + 0.5

        monkeypatch.setattr(finishing, "write_whole", damage)
        with pytest.raises(ProofFailed, match=r"model\.weights\.h5") as caught:
            mnistspec.run(spec_text(), out=tmp_path)
        assert caught.value.exit_code == 3 and "model.keras" not in str(caught.value)
        kept = record(tmp_path / "small" / "001")
        assert kept["status"] == "failed" and kept["verification"]["model.keras"]["identical"] is True
        assert 0 < kept["verification"]["model.weights.h5"]["largest_difference"] < 1
        assert {path.name for path in (tmp_path / "small" / "001").iterdir()} >= FILES

    def test_a_model_file_that_cannot_be_loaded_fails_the_run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from mnistspec import finishing

        written = finishing.write_whole

        def cut(path: Path, fill: Any, **size: int) -> None:
            written(path, fill, **size)
            if path.name == "model.keras":
                path.write_bytes(path.read_bytes()[:1000])

        monkeypatch.setattr(finishing, "write_whole", cut)
        with pytest.raises(ProofFailed, match=r"model\.keras in"):
            mnistspec.run(spec_text(), out=tmp_path)
        kept = record(tmp_path / "small" / "001")
        assert kept["status"] == "failed" and kept["verification"]["model.keras"]["error"]

    def test_a_mistake_of_ours_is_shown_whole_and_does_not_leave_the_run_going_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def mistake(*arguments: Any) -> None:
            raise ZeroDivisionError("ours")

        monkeypatch.setattr("mnistspec.execution.output_records", mistake)
        with pytest.raises(ZeroDivisionError):
            mnistspec.run(spec_text(), out=tmp_path)
        folder = tmp_path / "small" / "001"
        assert record(folder)["status"] == "failed" and (folder / "model.keras").exists()

    def test_arrays_that_do_not_fit_the_inputs_are_told(self, tmp_path: Path) -> None:
        np.savez(tmp_path / "a.npz", a=np.zeros((9, 2), "float32"), b=np.zeros((9, 2), "float32"), y=np.zeros(9))
        path = (tmp_path / "a.npz").as_posix()
        source = f"{{npz: {{path: '{path}', x_train: {{a: a, b: b}}, y_train: y, x_test: null, y_test: null}}}}"
        layers = "[{Add: {from: [a, c]}}, {Dense: {units: 1}}]"
        text = spec_text(data=f"source: {source}", model="kind: functional, inputs: {a: [2], c: [2]}", layers=layers)
        with pytest.raises((BadData, SpecInvalid), match="`c`"):
            mnistspec.run(text, out=tmp_path / "runs")


class TestInterruptions:
    """Ctrl-C at any moment: what was learnt is kept, and where nothing was, nothing is left."""

    def stopped(
        self, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch, fit: str = "epochs: 2, batch_size: 20"
    ) -> str:
        def stop(*arguments: Any, **named: Any) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(where, stop)
        with pytest.raises(RunFailed, match="interrupted") as caught:
            mnistspec.run(spec_text(fit=fit), out=tmp_path)
        assert caught.value.exit_code == 3
        return str(caught.value)

    def test_while_data_are_loaded(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "before the training" in self.stopped(tmp_path, "mnistspec.execution.load", monkeypatch)
        assert not list(tmp_path.iterdir())

    def test_while_training(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        said = self.stopped(tmp_path, "mnistspec.runs.narrator.SilentNarrator.epoch_ends", monkeypatch)
        folder = tmp_path / "small" / "001"
        assert "after 1 of 2 epochs" in said and str(folder) in said
        kept = record(folder)
        assert kept["status"] == "interrupted" and kept["epochs"]["run"] == kept["epochs"]["kept"] == 1
        names = {path.name for path in folder.iterdir()}
        assert names == FILES - {"predictions.npz", "predictions.csv"} and kept["artifacts"].keys() == names - {
            "run.json"
        }
        assert weights(folder) and len(history(folder)) == 1

    def test_while_training_without_checkpoints(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """To be taken up is then to begin anew, and is not called otherwise."""
        fit = "epochs: 2, batch_size: 20, checkpoint: null"
        said = self.stopped(tmp_path, "mnistspec.runs.narrator.SilentNarrator.epoch_ends", monkeypatch, fit)
        folder = tmp_path / "small" / "001"
        assert said.endswith(
            "no state of the training was saved, as `checkpoint: null` has it: "
            f"`mnistspec run --resume {folder}` trains anew"
        )

    def test_after_the_training(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        said = self.stopped(tmp_path, "mnistspec.execution.proof.RandomState", monkeypatch)
        folder = tmp_path / "small" / "001"
        assert "in the midst" in said and f"--resume {folder}" in said and record(folder)["status"] == "interrupted"
        assert weights(folder) and len(history(folder)) == 2
