"""The process that asks TensorFlow: what is read from it, and that no end of it ends the doctor."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import pytest

from mnistspec.doctor import probe
from mnistspec.doctor.commands import Ran

from . import recorded

IMPORTED = {
    "tensorflow": "2.21.0",
    "keras": "3.15.1",
    "numpy": "2.4.6",
    "import_seconds": 3.0,
    "build": recorded.CUDA_BUILD,
}
CPU = {"name": "CPU:0", "kind": "CPU", "model": "", "capability": None}
GPU = {"name": "GPU:0", "kind": "GPU", "model": "NVIDIA GeForce RTX 5090", "capability": [12, 0]}
PRODUCT = {"size": 1024, "gflops": 120.0, "error": 7e-7, "right": True}
TRAINING = {"examples_per_second": 28000, "step_seconds": 0.0036, "error": 1e-6, "right": True}
MEASURED_CPU = {"measured": {"name": "CPU:0", "product": PRODUCT, "training": TRAINING}}


def test_a_whole_answer() -> None:
    out = recorded.printed(IMPORTED, {"devices": [CPU]}, {"measuring": "CPU:0"}, MEASURED_CPU, {"done": True})
    answer = probe.read(Ran("itself", 0, f"a library's own words\n{out}"))
    assert (answer.ended, answer.imported, answer.build["cuda_version"]) == ("answered", True, "12.5.1")
    (cpu,) = answer.devices
    assert cpu.right and cpu.product is not None and cpu.product.gflops == 120.0
    assert answer.gpus == ()


def test_a_crash_on_a_gpu_is_blamed_on_it_and_keeps_what_was_measured_before() -> None:
    out = recorded.printed(IMPORTED, {"devices": [CPU, GPU]}, MEASURED_CPU, {"measuring": "GPU:0"})
    said = "LLVM ERROR: PTX version 8.5 does not support target 'sm_120'\n"
    answer = probe.read(Ran("itself", -6, out + '{"measured": {"na', said))
    cpu, gpu = answer.devices
    assert (answer.ended, answer.said) == ("crashed", "SIGABRT")
    assert cpu.right and cpu.failure is None
    assert gpu.failure is not None and "SIGABRT" in gpu.failure
    assert gpu.capability == (12, 0)
    assert answer.log == (said.strip(),)


@pytest.mark.parametrize(
    ("code", "said"),
    [(-4, "SIGILL"), (-9, "SIGKILL"), (0xC000001D, "SIGILL"), (-200, "signal 200"), (3, "exit code 3")],
)
def test_how_a_crash_is_named(code: int, said: str) -> None:
    answer = probe.read(Ran("itself", code))
    assert (answer.ended, answer.said, answer.imported) == ("crashed", said, False)


def test_a_failure_on_one_device_does_not_hide_the_next() -> None:
    failed = {"measured": {"name": "GPU:0", "failure": "InternalError: CUDA_ERROR_INVALID_PTX"}}
    out = recorded.printed(
        IMPORTED, {"devices": [GPU, CPU]}, {"measuring": "GPU:0"}, failed, MEASURED_CPU, {"done": True}
    )
    gpu, cpu = probe.read(Ran("itself", 0, out)).devices
    assert gpu.failure == "InternalError: CUDA_ERROR_INVALID_PTX" and not gpu.right
    assert cpu.right


def test_only_telling_lines_of_the_log_are_kept_each_once() -> None:
    line = "Could not load dynamic library 'libcudnn.so.9'"
    answer = probe.read(Ran("itself", 1, "", f"oneDNN custom operations are on\n{line}\n{line}\n"))
    assert answer.log == (line,)


def fake(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.py").write_text(text, encoding="utf-8")


def asked(folder: Path, monkeypatch: pytest.MonkeyPatch, timeout: float = 60.0) -> probe.Probed:
    """Ask in a real process, in which the modules of a folder stand in for the installed ones."""
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return probe.ask(timeout=timeout)


def test_an_absent_package_is_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, "keras", "raise ModuleNotFoundError(\"No module named 'keras'\", name='keras')")
    answer = asked(tmp_path, monkeypatch)
    assert (answer.ended, answer.imported) == ("absent", False)


def test_a_package_that_cannot_be_imported_keeps_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, "keras", "raise ImportError('numpy.core.multiarray failed to import')")
    answer = asked(tmp_path, monkeypatch)
    assert answer.ended == "failed"
    assert "multiarray" in answer.said


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_real_crash_is_survived_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, "keras", "import os, signal; os.kill(os.getpid(), signal.SIGILL)")
    answer = asked(tmp_path, monkeypatch)
    assert (answer.ended, answer.said) == ("crashed", "SIGILL")


def test_a_real_hang_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, "keras", "import time; time.sleep(600)")
    assert asked(tmp_path, monkeypatch, timeout=0.5).ended == "timeout"


def test_the_process_runs_this_package_with_tensorflow_and_keeps_the_rest_of_the_environment() -> None:
    made = probe.environment({"PYTHONPATH": "/mine", "KERAS_BACKEND": "jax", "CUDA_VISIBLE_DEVICES": "1"})
    first, *rest = made["PYTHONPATH"].split(os.pathsep)
    assert (Path(first) / "mnistspec" / "doctor").is_dir()
    assert rest == ["/mine"]
    assert (made["KERAS_BACKEND"], made["CUDA_VISIBLE_DEVICES"]) == ("tensorflow", "1")


def test_pythons_own_package_folder_is_not_put_before_the_standard_library() -> None:
    installed = Path(sysconfig.get_path("purelib"))
    assert probe.environment({}, here=installed)["PYTHONPATH"] == ""


@pytest.mark.keras
def test_this_machine_computes_right_and_tells_its_rates() -> None:
    answer = probe.ask()
    assert answer.ended == "answered", answer.said
    cpu = next(device for device in answer.devices if device.kind == "CPU")
    assert cpu.right
    assert cpu.product is not None and cpu.product.gflops > 0.1 and cpu.product.error < 1e-5
    assert cpu.training is not None and cpu.training.examples_per_second > 100 and cpu.training.error < 1e-3
    assert answer.facts["peak_bytes"] > 100 * 2**20


@pytest.mark.keras
def test_a_wrong_product_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    import tensorflow as tf

    from mnistspec.doctor.probe import product

    right = tf.linalg.matmul
    monkeypatch.setattr(tf.linalg, "matmul", lambda a, b: right(a, b) * 1.001)
    monkeypatch.setattr(product, "LONG_ENOUGH_SECONDS", 0.001)
    assert not product.measure_product("/CPU:0", 64)["right"]


@pytest.mark.keras
def test_a_wrong_sum_and_a_nan_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    import tensorflow as tf

    from mnistspec.doctor.probe import product

    monkeypatch.setattr(product, "LONG_ENOUGH_SECONDS", 0.001)
    assert product.measure_product("/CPU:0", 64)["right"]
    right = tf.cumsum
    for wrong in (1.001, float("nan")):
        monkeypatch.setattr(tf, "cumsum", lambda a, axis, factor=wrong: right(a, axis=axis) * factor)
        assert not product.measure_product("/CPU:0", 64)["right"]


@pytest.mark.keras
def test_a_wrong_training_step_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    from mnistspec.doctor.probe import training

    monkeypatch.setattr(training, "LONG_ENOUGH_SECONDS", 0.001)
    monkeypatch.setattr(keras.optimizers, "SGD", keras.optimizers.Adam)
    assert not training.measure_training("/CPU:0")["right"]
