"""A run killed at any moment, and taken up again, ends with the bits of one that was never interrupted.

`MNISTSPEC_KILLS=100 pytest tests/execution/test_resuming.py` draws as many more moments, others each time.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .small import arrays, record, spec_text, weights, without_seconds

if TYPE_CHECKING:
    from conftest import Done

pytestmark = [
    pytest.mark.keras,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes part by fork, which this system does not have"),
]
_ROOT = Path(__file__).parents[2]

# Augmentation, noise, batch normalization, dropout, averaged weights, and every callback that carries something.
_LAYERS = (
    "[{RandomTranslation: {height_factor: 0.1, width_factor: 0.1}}, {GaussianNoise: {stddev: 0.1}}, "
    "{Conv2D: {filters: 4, kernel_size: 3, strides: 2, use_bias: false}}, BatchNormalization, ReLU, Flatten, "
    "{Dropout: {rate: 0.3}}, {Dense: {units: 10, activation: softmax}}]"
)
_CALLBACKS = (
    "[{SwapEMAWeights: {swap_on_epoch: true}}, "
    "{EarlyStopping: {monitor: val_loss, mode: max, patience: 4, restore_best_weights: true}}, "
    "{ReduceLROnPlateau: {monitor: val_loss, mode: max, patience: 2, factor: 0.5}}, "
    "{ModelCheckpoint: {filepath: best.keras, monitor: val_loss, save_best_only: true}}, "
    "{ModelCheckpoint: {filepath: '{epoch}-{batch}.weights.h5', save_weights_only: true, save_freq: 7}}, "
    "{BackupAndRestore: {backup_dir: backup, save_freq: 5}}, {CSVLogger: {filename: log.csv}}]"
)
_SPEC = spec_text(
    layers=_LAYERS,
    data="source: mnist_sample, validation: 0.1, limit: {train: 200, test: 60}, "
    "prepare: {x: [{rescale: 255}, {expand_dims: -1}]}",
    compile="optimizer: {Adam: {learning_rate: 0.01, use_ema: true, ema_overwrite_frequency: 7}}, "
    "loss: sparse_categorical_crossentropy, metrics: [accuracy]",
    fit=f"epochs: 7, batch_size: 20, checkpoint: 4, callbacks: {_CALLBACKS}",
    more="deterministic: true\noutputs: {report: []}",
)
# Half precision with its scaled loss, gradients gathered over steps, several outputs, epochs of a set number of steps.
_OTHER = spec_text(
    name="other",
    model="kind: functional, outputs: [digit, picture]",
    layers="[Flatten, {Dense: {units: 12, activation: relu}}, {Dropout: {rate: 0.2, name: kept}}, "
    "{Dense: {units: 10, activation: softmax, name: digit}}, "
    "{Dense: {units: 784, activation: sigmoid, from: kept}}, {Reshape: {target_shape: [28, 28], name: picture}}]",
    data="source: mnist_sample, validation: 0.1, limit: {train: 200, test: 60}, prepare: {x: [{rescale: 255}]}, "
    "targets: {digit: y, picture: x}",
    compile="optimizer: {Adam: {learning_rate: 0.01, gradient_accumulation_steps: 2}}, precision: mixed_float16, "
    "loss: {digit: sparse_categorical_crossentropy, picture: mse}, metrics: {digit: [accuracy], picture: [mae]}",
    fit="epochs: 5, batch_size: 20, checkpoint: 3, steps_per_epoch: 7, validation_freq: 2, "
    "callbacks: [{CSVLogger: {filename: log.csv}}]",
    more="deterministic: true\noutputs: {report: []}",
)
# The moments at which the processes of one run die, one after the other, before it is let to its end.
_CHAINS = [["step 14"], ["writing 6", "evaluation 3"], ["end 1"]]
_HIGHEST = {"step": 45, "writing": 20, "evaluation": 7, "end": 1}


def _chains() -> list[list[str]]:
    """The moments above, and as many chains of one to three others as are asked for."""
    drawn = random.Random()
    return _CHAINS + [
        [
            f"{place} {drawn.randint(4 if place == 'writing' else 1, _HIGHEST[place])}"
            for place in drawn.choices(list(_HIGHEST), weights=[4, 4, 2, 1], k=drawn.randint(1, 3))
        ]
        for _ in range(int(os.environ.get("MNISTSPEC_KILLS", "0")))
    ]


def _played(folder: Path, plan: list[tuple[list[str], str | None]]) -> tuple[list[int], str]:
    """The exit codes of the command lines, and what was said on standard error."""
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, str(Path(__file__).with_name("killing.py")), str(folder), json.dumps(plan)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=3000, check=True)
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[list[str], list[int]]]]:
    """Where the runs lie, 001 never killed, and for each of the others the moments and the exit codes."""
    folder = tmp_path_factory.mktemp("killed")
    (folder / "small.yaml").write_text(_SPEC)
    chains, start = _chains(), ["run", "-q", "small.yaml"]
    plan: list[tuple[list[str], str | None]] = [(start, None)]
    for number, moments in enumerate(chains, 2):
        again = ["run", "-q", "--resume", f"runs/small/{number:03d}"]
        plan += [(start if place == 0 else again, moment) for place, moment in enumerate(moments)]
        plan.append((again, None))
    codes, said = _played(folder, plan)
    assert codes[0] == 0, said
    rest = iter(codes[1:])
    return folder, [(moments, [next(rest) for _ in range(len(moments) + 1)]) for moments in chains]


def _bits(folder: Path) -> list[Any]:
    """All that must come out the same."""
    return [
        without_seconds(folder), weights(folder), arrays(folder), record(folder)["metrics"],
        record(folder)["epochs"], (folder / "log.csv").read_text(), {path.name for path in folder.iterdir()},
    ]  # fmt: skip


def test_the_bits_are_those_of_a_run_that_was_never_killed(
    killed: tuple[Path, list[tuple[list[str], list[int]]]],
) -> None:
    folder, chains = killed
    whole = _bits(folder / "runs" / "small" / "001")
    for number, (moments, codes) in enumerate(chains, 2):
        assert codes[-1] == 0 and codes[0] == -9, (moments, codes)
        assert _bits(folder / "runs" / "small" / f"{number:03d}") == whole, moments


def test_so_it_is_with_scaled_losses_several_outputs_and_epochs_of_few_steps(tmp_path: Path) -> None:
    from mnistspec.runs.comparison import compare
    from mnistspec.runs.run import open_run

    (tmp_path / "other.yaml").write_text(_OTHER)
    start, again = ["run", "-q", "other.yaml"], ["run", "-q", "--resume", "runs/other/002"]
    codes, said = _played(tmp_path, [(start, None), (start, "step 6"), (again, "writing 5"), (again, None)])
    assert codes == [0, -9, -9, 0], said
    whole, killed = (open_run(tmp_path / "runs" / "other" / name) for name in ("001", "002"))
    # Plain Keras loads the model without its scaled optimizer: the files are compared.
    assert compare(whole, killed).identical and len(compare(whole, killed).compared) == 3
    assert killed.metrics == whole.metrics and killed.record["epochs"] == whole.record["epochs"]


def test_the_record_says_where_it_was_taken_up(killed: tuple[Path, list[tuple[list[str], list[int]]]]) -> None:
    kept = record(killed[0] / "runs" / "small" / "002")
    [entry] = kept["resumed"]
    assert (entry["epoch"], entry["step"], entry["changed"]) == (1, 3, []) and entry["command"][1:3] == ["run", "-q"]
    assert kept["command"] == ["mnistspec", "run", "-q", "small.yaml"] and kept["status"] == "finished"


class TestGoingOn:
    """In this process, from copies of one run that was stopped."""

    @pytest.fixture(scope="class")
    @staticmethod
    def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("stopped")
        (folder / "small.yaml").write_text(spec_text(fit="epochs: 3, batch_size: 20, checkpoint: 2"))
        codes, said = _played(folder, [(["run", "-q", "small.yaml"], "step 14")])
        assert codes == [-9], said
        return folder

    @pytest.fixture
    @staticmethod
    def run(stopped: Path, tmp_path: Path) -> Path:
        shutil.copytree(stopped, tmp_path / "copy")
        return tmp_path / "copy" / "runs" / "small" / "001"

    def test_a_changed_setting_is_told_and_needs_force(self, command: Callable[..., Done], run: Path) -> None:
        before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
        done = command("run", "--resume", run, "--set", "fit.epochs=4")
        assert done.code == 2 and "`fit.epochs` was `3` and is `4`" in done.err and "--force" in done.err
        assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
        assert command("run", "--resume", run, "--set", "fit.epochs=4", "--force", "-q").code == 0
        assert len(without_seconds(run)) == 4
        assert record(run)["resumed"][0]["changed"] == ["`fit.epochs` was `3` and is `4`"]

    def test_other_versions_are_told(self, command: Callable[..., Done], run: Path) -> None:
        kept = record(run)
        kept["versions"]["keras"] = "3.0"
        (run / "run.json").write_text(json.dumps(kept))
        done = command("run", "--resume", run)
        assert done.code == 2 and "keras was 3.0 and is 3." in done.err

    def test_a_damaged_record_is_told_and_needs_force(self, command: Callable[..., Done], run: Path) -> None:
        whole = (run / "run.json").read_text()
        (run / "run.json").write_text(whole[: len(whole) // 2])
        done = command("run", "--resume", run)
        assert done.code == 2 and "`run.json` is gone or damaged" in done.err and "--force" in done.err
        assert (run / "run.json").read_text() == whole[: len(whole) // 2]
        assert command("run", "--resume", run, "--force", "-q").code == 0
        kept = record(run)
        assert kept["status"] == "finished" and (kept["seed"], kept["number"]) == (7, 1)
        assert kept["resumed"][0]["epoch"] == 2 and "`run.json` is gone" in kept["resumed"][0]["changed"][0]

    def test_other_data_are_told(self, command: Callable[..., Done], run: Path) -> None:
        kept = record(run)
        kept["data"]["digest"] = "0" * 64
        (run / "run.json").write_text(json.dumps(kept))
        done = command("run", "--resume", run)
        assert done.code == 2 and "the data are not the same" in done.err
        assert record(run) == kept

    def test_a_new_learning_rate_is_taken(self, command: Callable[..., Done], run: Path) -> None:
        changed = "compile.optimizer={Adam: {learning_rate: 0.125}}"
        assert command("run", "--resume", run, "--set", changed, "--force", "-q").code == 0
        rates = [row["learning_rate"] for row in without_seconds(run)]
        assert rates[0] != "0.125" and rates[-1] == "0.125"

    def test_a_run_that_was_moved_goes_on_under_its_own_number(self, command: Callable[..., Done], run: Path) -> None:
        moved = run.rename(run.with_name("best"))
        assert command("run", "--resume", moved, "-q").code == 0
        assert (record(moved)["status"], record(moved)["number"]) == ("finished", 1)

    def test_without_its_resolved_spec_it_asks_for_one(self, command: Callable[..., Done], run: Path) -> None:
        (run / "resolved.yaml").unlink()
        done = command("run", "--resume", run)
        assert done.code == 2 and "name the spec: `mnistspec run SPEC --resume" in done.err
        spec = run.parents[2] / "small.yaml"
        assert command("run", spec, "--resume", run, "-q").code == 0
        assert (run / "resolved.yaml").exists() and record(run)["resumed"][0]["changed"] == []

    def test_a_damaged_state_is_told(self, command: Callable[..., Done], run: Path) -> None:
        last = sorted((run / "checkpoint").iterdir())[-1]
        last.write_bytes(last.read_bytes()[:-50])
        done = command("run", "--resume", run, "-q")
        assert done.code == 0 and f"{last.name}` is damaged" in done.err + done.out

    def test_a_finished_run_has_nothing_to_go_on_with(self, command: Callable[..., Done], run: Path) -> None:
        assert command("run", "--resume", run.parent, "-q").code == 0
        before = record(run)
        done = command("run", "--resume", run)
        assert done.code == 0 and "is finished" in done.out and record(run) == before
        done = command("run", "--resume", run, "--set", "fit.epochs=9", "--force", "-q")
        assert done.code == 0 and "a finished run takes no settings; `mnistspec run" in done.err + done.out
        assert record(run) == before

    @pytest.mark.parametrize(
        ("setting", "reason"),
        [
            ("fit.batch_size=90", "the last state is of epoch 3, step 6, and an epoch has 2 steps now"),
            ("fit.steps_per_epoch=3", "the last state is of epoch 3, step 6, and an epoch has 3 steps now"),
            ("compile.optimizer=sgd", "the checkpoint is of another model, optimizer or metrics"),
        ],
    )
    def test_what_does_not_fit_the_last_state_is_refused_and_nothing_touched(
        self, command: Callable[..., Done], run: Path, setting: str, reason: str
    ) -> None:
        before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
        done = command("run", "--resume", run, "--set", setting, "--force", "-q")
        assert done.code == 2 and f"`{run}` is left as it was: {reason}" in done.err
        assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
        assert command("run", "--resume", run, "-q").code == 0

    def test_a_folder_that_may_not_be_written_to_is_told_with_a_way_on(
        self, command: Callable[..., Done], run: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refused(*given: object, **named: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        with monkeypatch.context() as patched:
            patched.setattr("mnistspec.runs.folder.replace_whole", refused)
            done = command("run", "--resume", run, "-q")
        assert done.code == 2 and "may not be written to; allow it, or copy the run's folder" in done.err
        assert "--out" not in done.err
        assert command("run", "--resume", run, "-q").code == 0

    def test_callbacks_can_come_and_go(self, command: Callable[..., Done], run: Path) -> None:
        added = "fit.callbacks=[{CSVLogger: {filename: log.csv}}, {EarlyStopping: {monitor: loss}}]"
        assert command("run", "--resume", run, "--set", added, "--force", "-q").code == 0
        assert record(run)["status"] == "finished" and len((run / "log.csv").read_text().splitlines()) == 2

    def test_two_signals_before_the_state_is_in_its_place_touch_nothing(
        self, command: Callable[..., Done], run: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stop(*given: object) -> None:
            raise KeyboardInterrupt

        before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
        with monkeypatch.context() as patched:
            patched.setattr("mnistspec.training.fit.build_all", stop)
            done = command("run", "--resume", run, "-q")
        assert done.code == 3 and f"--resume {run}" in done.err
        assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
        assert command("run", "--resume", run, "-q").code == 0

    def test_a_run_that_another_process_has_finished_meanwhile_is_left_so(
        self, command: Callable[..., Done], run: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from mnistspec.cli import run as running

        before = running.run_to_resume(run, run.parent)
        assert command("run", "--resume", run, "-q").code == 0
        finished = record(run)
        monkeypatch.setattr(running, "run_to_resume", lambda path, out: before)
        assert command("run", "--resume", run, "-q").code == 0
        assert record(run) == finished
