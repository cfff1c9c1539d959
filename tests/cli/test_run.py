"""`mnistspec run` as it is called: in processes of its own, stopped from outside, without its run half."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from execution.small import FILES, arrays, history, record, spec_text, weights, without_seconds

if TYPE_CHECKING:
    from conftest import Done

_ROOT = Path(__file__).parents[2]
# Dropout, batch normalization and convolutions: what could differ from one process to the next.
LAYERS = (
    "[{Reshape: {target_shape: [28, 28, 1]}}, {Conv2D: {filters: 4, kernel_size: 3, strides: 2, use_bias: false}}, "
    "BatchNormalization, "
    "ReLU, Flatten, {Dropout: {rate: 0.3}}, {Dense: {units: 10, activation: softmax}}]"
)
signals = pytest.mark.skipif(os.name == "nt", reason="there are no such signals on Windows")


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(_ROOT), "NO_COLOR": "1", **more}


def started(folder: Path, *arguments: object) -> subprocess.Popen[str]:
    """`mnistspec run` in a process of its own."""
    command = [sys.executable, "-m", "mnistspec", "run", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(process: subprocess.Popen[str]) -> Ended:
    out, err = process.communicate(timeout=300)
    return Ended(process.returncode, out, err)


@dataclass(frozen=True)
class Ended:
    """What a process ended with and printed."""

    code: int
    out: str
    err: str


class TestRefusals:
    """What can be refused is refused before Keras is brought in, and leaves nothing."""

    def test_a_spec_without_what_a_run_needs(self, command: Callable[..., Done], tmp_path: Path) -> None:
        spec = tmp_path / "a.yaml"
        spec.write_text("mnistspec: 1\nmodel: {kind: sequential, input: [2], layers: [{Dense: {units: 1}}]}\n")
        done = command("run", spec, "--out", tmp_path / "runs")
        assert done.code == 1 and "error[E415]" in done.err and not done.out.strip()
        assert not (tmp_path / "runs").exists()

    def test_a_spec_with_mistakes(self, command: Callable[..., Done], tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text(spec_text(layers="[{Dense: {unit: 1}}]"))
        done = command("run", tmp_path / "a.yaml", "--quiet", "--out", tmp_path / "runs")
        assert done.code == 1 and "did you mean `units`" in done.err and not (tmp_path / "runs").exists()

    def test_a_spec_that_is_not_there(self, command: Callable[..., Done], tmp_path: Path) -> None:
        done = command("run", tmp_path / "nowhere.yaml")
        assert done.code == 2 and done.err.startswith("error: ") and done.err.count("\n") == 1

    def test_a_place_that_cannot_be_written_to(self, command: Callable[..., Done], tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text(spec_text())
        (tmp_path / "runs").write_text("a file")
        done = command("run", tmp_path / "a.yaml", "--out", tmp_path / "runs")
        assert done.code == 2 and "a file stands in its place" in done.err and "--out" in done.err

    def test_an_unknown_backend(self, command: Callable[..., Done], tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text(spec_text())
        done = command("run", tmp_path / "a.yaml", "--backend", "tensor", "--out", tmp_path / "runs")
        assert done.code == 2 and "--backend tensor" in done.err and "tensorflow" in done.err


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of the light install alone."""
    heavy = (
        "tensorflow",
        "keras",
        "numpy",
        "h5py",
        "jax",
        "torch",
        "ml_dtypes",
        "tensorboard",
        "scipy",
        "PIL",
        "mnistspec",
    )
    folder = tmp_path_factory.mktemp("light")
    for entry in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if not entry.name.startswith((*heavy, "__", "_pytest", "pytest")) and entry.suffix != ".pth":
            (folder / entry.name).symlink_to(entry, entry.is_dir())
    return folder


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights on Windows")
def test_without_the_run_half_the_line_that_installs_it_is_shown(light: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(spec_text())
    path = os.pathsep.join([str(_ROOT), str(light)])
    command = [sys.executable, "-S", "-m", "mnistspec", "run", "a.yaml"]
    done = subprocess.run(command, cwd=tmp_path, env=environment(PYTHONPATH=path), capture_output=True, text=True)
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr
    assert "keras and tensorflow" in done.stderr and "pip install 'mnistspec[cpu]'" in done.stderr
    assert not list((tmp_path / "runs").iterdir())


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended, Ended]:
    """The folder in which one spec was run twice, and how the two processes ended."""
    folder = tmp_path_factory.mktemp("two")
    # A callback that prints must not get into what is printed for programs.
    calls = "callbacks: [{ReduceLROnPlateau: {monitor: learning_rate, mode: max, patience: 1, verbose: 1}}]"
    text = spec_text(layers=LAYERS, fit=f"epochs: 3, batch_size: 20, {calls}", more="deterministic: true")
    (folder / "small.yaml").write_text(text)
    first, second = started(folder, "small.yaml", "--json"), started(folder, "small.yaml", "--quiet")
    return folder, ended(first), ended(second)


@pytest.mark.keras
class TestTwoProcesses:
    """One spec in two fresh processes at the same moment, with `deterministic: true`."""

    def folders(self, both: tuple[Path, Ended, Ended]) -> tuple[Path, Path]:
        """The runs' folders, as each said itself."""
        folder, as_json, quiet = both
        stated = json.loads(as_json.out)
        return folder / "runs" / "small" / f"{stated['number']:03d}", folder / quiet.out.strip()

    def test_each_ends_well_with_a_folder_of_its_own(self, both: tuple[Path, Ended, Ended]) -> None:
        assert [done.code for done in both[1:]] == [0, 0], both
        first, second = self.folders(both)
        assert {first.name, second.name} == {"001", "002"}
        assert all({path.name for path in folder.iterdir()} == FILES for folder in (first, second))

    def test_they_give_the_same_bits(self, both: tuple[Path, Ended, Ended]) -> None:
        first, second = self.folders(both)
        assert weights(first) == weights(second) and arrays(first) == arrays(second)
        assert without_seconds(first) == without_seconds(second)
        one, other = record(first), record(second)
        assert one["metrics"] == other["metrics"] and one["data"] == other["data"]
        assert one["deterministic"] is True and one["jit_compile"] is False
        assert one["artifacts"]["model.weights.h5"] == other["artifacts"]["model.weights.h5"]

    def test_json_is_all_that_is_printed_on_standard_output(self, both: tuple[Path, Ended, Ended]) -> None:
        first, _ = self.folders(both)
        assert json.loads(both[1].out) == record(first)
        assert "epoch 3/3" in both[1].err and "reducing learning rate" in both[1].err

    def test_quiet_says_the_folder_and_nothing_else(self, both: tuple[Path, Ended, Ended]) -> None:
        assert both[2].out.count("\n") == 1 and Path(both[2].out.strip()).parts[:2] == ("runs", "small")
        assert "epoch" not in both[2].err and "warning" not in both[2].err.lower()

    def test_the_command_is_written_down(self, both: tuple[Path, Ended, Ended]) -> None:
        first, second = self.folders(both)
        assert record(first)["command"] == ["mnistspec", "run", "small.yaml", "--json"]
        assert record(second)["command"] == ["mnistspec", "run", "small.yaml", "--quiet"]

    def test_plain_keras_predicts_the_very_bits_that_were_kept(
        self, both: tuple[Path, Ended, Ended], tmp_path: Path
    ) -> None:
        """In a process that knows nothing of mnistspec, with `model.predict(x)` and no more."""
        first, _ = self.folders(both)
        import numpy as np

        np.save(tmp_path / "x.npy", prepared_test_set(first))
        program = (
            "import sys, keras, numpy as np\n"
            "model = keras.models.load_model('model.keras')\n"
            "kept = np.load('predictions.npz')['prediction_dense']\n"
            "found = model.predict(np.load(sys.argv[1]), verbose=0)\n"
            "assert found.dtype == kept.dtype and found.tobytes() == kept.tobytes()\n"
            "assert 'mnistspec' not in sys.modules\n"
        )
        command = [sys.executable, "-c", program, str(tmp_path / "x.npy")]
        done = subprocess.run(command, cwd=first, env=environment(PYTHONPATH=""), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def prepared_test_set(folder: Path) -> Any:
    """The test inputs of a run, loaded again from what its folder says."""
    import mnistspec
    from mnistspec.datasets import load

    spec = mnistspec.check(folder / "resolved.yaml").spec
    assert spec is not None and spec.data is not None and spec.seed is not None
    data = load(spec.data, seed=spec.seed, folder=folder, say=lambda text: None)
    assert data.test is not None
    return data.test.x["x"]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, tuple[Path, Ended]]]:
    """By signal: where the stopped run was to lie, and how its process ended."""
    folder = tmp_path_factory.mktemp("stopped")
    (folder / "small.yaml").write_text(spec_text(fit="epochs: 100000, batch_size: 20, checkpoint: epoch"))
    processes = {
        number: started(folder, "small.yaml", "--out", str(number)) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield {number: (folder / str(number), interrupt(one, number)) for number, one in processes.items()}
    finally:
        for process in processes.values():
            process.kill()


@pytest.mark.keras
@signals
class TestSignals:
    """Ctrl-C, and being told to end, in the middle of a training."""

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_what_was_learnt_is_kept(self, stopped: dict[int, tuple[Path, Ended]], number: int) -> None:
        out, done = stopped[number]
        assert done.code == 3 and "Traceback" not in done.err + done.out
        folder = (out / "small" / "001").relative_to(out.parent)
        assert "error: interrupted after" in done.err and f"`mnistspec run --resume {folder}`" in done.err
        kept = record(out / "small" / "001")
        assert kept["status"] == "interrupted" and kept["finished"]
        rows = history(out / "small" / "001")
        assert len(rows) == kept["epochs"]["run"] >= 3
        assert weights(out / "small" / "001")

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_the_folder_is_whole(self, stopped: dict[int, tuple[Path, Ended]], number: int) -> None:
        folder = stopped[number][0] / "small" / "001"
        names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert {name for name in names if not name.startswith("checkpoint/")} == FILES - {
            "predictions.npz", "predictions.csv",
        }  # fmt: skip
        checkpoints = {name for name in names if name.startswith("checkpoint/")}
        assert 1 <= len(checkpoints) <= 2
        assert record(folder)["artifacts"].keys() == names - checkpoints - {"run.json"}


def interrupt(process: subprocess.Popen[str], number: int) -> Ended:
    """Sends a signal once the third epoch is done, and waits for the end."""
    assert process.stdout is not None
    printed: list[str] = []
    deadline = time.monotonic() + 200
    while time.monotonic() < deadline:
        line = process.stdout.readline()
        printed.append(line)
        if line.strip().startswith("epoch") and line.split("/")[0].split()[-1] == "3":
            break
        assert line, process.stderr.read() if process.stderr else ""
    process.send_signal(number)
    rest = ended(process)
    return Ended(rest.code, "".join(printed) + rest.out, rest.err)
