"""The findings on TensorFlow's start and its devices."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mnistspec.doctor import devices
from mnistspec.doctor.finding import Finding
from mnistspec.doctor.machine import Machine
from mnistspec.doctor.probe import Probed, Product

from . import recorded


def named(machine: Machine, check: str) -> Finding | None:
    return next((finding for finding in devices.check(machine) if finding.check == check), None)


def answering(probed: Probed) -> dict[str, Any]:
    return {"ask_tensorflow": lambda: probed}


def test_each_device_tells_its_rates_and_that_its_numbers_are_right(tmp_path: Path) -> None:
    found = devices.check(recorded.gpu_machine(tmp_path))
    assert [finding.check for finding in found] == ["start", "device CPU:0", "device GPU:0"]
    assert all(finding.status == "ok" for finding in found)
    assert "410,000 GFLOP/s" in found[2].says and "61,000 examples/s" in found[2].says and "H100" in found[2].says
    assert found[2].detail["product"]["error"] == 9e-7


def test_a_device_that_computes_wrong_is_broken_however_fast(tmp_path: Path) -> None:
    wrong = replace(recorded.RIGHT_CPU, product=Product(1024, 900.0, 0.3, False))
    finding = named(recorded.cpu_machine(tmp_path, **answering(recorded.probed(devices=(wrong,)))), "device CPU:0")
    assert finding is not None and (finding.status, finding.stops) == ("broken", "run")
    assert "3.0e-01" in finding.says


def test_a_gpu_that_fails_stops_a_run_and_the_way_out_is_to_hide_it(tmp_path: Path) -> None:
    failing = replace(recorded.RIGHT_GPU, product=None, training=None, failure="InternalError: CUDA_ERROR_INVALID_PTX")
    probed = recorded.probed(recorded.CUDA_BUILD, (recorded.RIGHT_CPU, failing))
    finding = named(recorded.gpu_machine(tmp_path, **answering(probed)), "device GPU:0")
    assert finding is not None and (finding.status, finding.stops) == ("broken", "run")
    assert "CUDA_ERROR_INVALID_PTX" in finding.says and "CUDA_VISIBLE_DEVICES=-1" in str(finding.next)


def test_devices_that_were_only_listed_are_notes(tmp_path: Path) -> None:
    listed = replace(recorded.RIGHT_CPU, product=None, training=None)
    finding = named(recorded.cpu_machine(tmp_path, **answering(recorded.probed(devices=(listed,)))), "device CPU:0")
    assert finding is not None and finding.status == "note"


@pytest.mark.parametrize(
    ("probed", "words", "fix"),
    [
        (Probed("crashed", "SIGILL"), "newer processor", "faulthandler"),
        (Probed("crashed", "SIGKILL"), "memory", "faulthandler"),
        (Probed("timeout", "no answer in time"), "180 s", "faulthandler"),
        (Probed("failed", "ImportError: numpy.core.multiarray failed"), "NumPy", "--force-reinstall"),
        (Probed("failed", "ImportError: /lib/libm.so.6: version `GLIBC_2.27' not found"), "glibc 2.27", "ldd"),
        (Probed("failed", "ImportError: DLL load failed while importing _pywrap"), "Visual C++", "winget"),
        (Probed("failed", "AttributeError: partially initialized module (circular import)"), "in its place", "ls"),
        (Probed("failed", "RuntimeError: never seen before"), "never seen before", "--force-reinstall"),
    ],
)
def test_a_tensorflow_that_does_not_start_says_why_and_what_to_type(
    tmp_path: Path, probed: Probed, words: str, fix: str
) -> None:
    (finding,) = devices.check(recorded.cpu_machine(tmp_path, **answering(probed)))
    assert (finding.status, finding.stops) == ("broken", "run")
    assert words in finding.says
    assert fix in str(finding.next)


def test_an_absent_tensorflow_is_left_to_the_packages(tmp_path: Path) -> None:
    assert devices.check(recorded.cpu_machine(tmp_path, **answering(Probed("absent")))) == ()


def unseen(tmp_path: Path, log: tuple[str, ...] = (), **changes: Any) -> Finding:
    """What is said where the driver has a GPU, everything fits, and TensorFlow sees none."""
    probed = recorded.probed(recorded.CUDA_BUILD, (recorded.RIGHT_CPU,), log=log)
    finding = named(recorded.gpu_machine(tmp_path, **{**answering(probed), **changes}), "gpu in tensorflow")
    assert finding is not None
    return finding


def test_a_gpu_hidden_by_the_environment(tmp_path: Path) -> None:
    finding = unseen(tmp_path, environment={"CUDA_VISIBLE_DEVICES": "-1"})
    assert (finding.status, finding.stops, finding.next) == ("missing", "gpu", "unset CUDA_VISIBLE_DEVICES")


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("failed call to cuInit: CUDA_ERROR_SYSTEM_NOT_READY: system not yet initialized", "nvidia-fabricmanager"),
        ("failed call to cuInit: CUDA_ERROR_UNKNOWN: unknown error", "nvidia_uvm"),
        ("failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected", "nvidia-smi -L"),
        ("Could not load dynamic library 'libcuda.so.1'; dlerror: libcuda.so.1: cannot open", "ldconfig"),
        ("Could not load dynamic library 'libcusolver.so.11'; dlerror: cannot open", "mnistspec[gpu]"),
        ("nothing of use", "dso_loader"),
    ],
)
def test_a_gpu_not_seen_is_explained_from_tensorflows_log(tmp_path: Path, line: str, fix: str) -> None:
    finding = unseen(tmp_path, (line,))
    assert (finding.status, finding.stops) == ("missing", "gpu")
    assert fix in str(finding.next)
    assert finding.detail["log"] == [line]


def test_a_reason_already_named_is_not_named_again(tmp_path: Path) -> None:
    finding = unseen(tmp_path, ask_tensorflow=recorded.probed)  # the CPU build, on a machine with a GPU
    assert (finding.status, finding.next) == ("note", None)


def test_one_of_two_gpus_seen(tmp_path: Path) -> None:
    run = recorded.answering(recorded.smi(recorded.TWO_GPUS, recorded.header("535.183.01", "12.2")))
    chosen = recorded.gpu_machine(tmp_path, run=run, environment={"CUDA_VISIBLE_DEVICES": "0"})
    finding = named(chosen, "gpu in tensorflow")
    assert finding is not None and finding.status == "note"
    assert "1 of 2" in finding.says


def test_a_process_that_ends_between_two_devices_is_not_taken_for_whole(tmp_path: Path) -> None:
    machine = recorded.cpu_machine(tmp_path, **answering(recorded.probed(ended="crashed", said="SIGSEGV")))
    finding = named(machine, "end")
    assert finding is not None and finding.status == "broken"
    assert "SIGSEGV" in finding.says
