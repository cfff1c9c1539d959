"""The findings on CUDA: what TensorFlow was built for against what is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mnistspec.doctor import cuda
from mnistspec.doctor.commands import Ran
from mnistspec.doctor.finding import Finding
from mnistspec.doctor.machine import Installed, Machine

from . import recorded

LDCONFIG = """2 libs found in cache `/etc/ld.so.cache'
	libcudnn.so.9 (libc6,x86-64) => /usr/lib/x86_64-linux-gnu/libcudnn.so.9
	libcudart.so.12 (libc6,x86-64) => /usr/local/cuda/lib64/libcudart.so.12
"""


def named(machine: Machine, check: str) -> Finding | None:
    return next((finding for finding in cuda.check(machine) if finding.check == check), None)


def driven(query: str, driver: str, version: str) -> dict[str, Any]:
    return {"run": recorded.answering(recorded.smi(query, recorded.header(driver, version)))}


def test_nothing_is_said_before_tensorflow_starts(tmp_path: Path) -> None:
    crashed = recorded.probed(ended="crashed", facts={})
    assert cuda.check(recorded.gpu_machine(tmp_path, ask_tensorflow=lambda: crashed)) == ()


def test_the_cpu_build_is_a_note_without_a_gpu_and_a_fault_with_one(tmp_path: Path) -> None:
    (without,) = cuda.check(recorded.cpu_machine(tmp_path))
    assert (without.status, without.next) == ("note", None)
    (with_gpu,) = cuda.check(recorded.gpu_machine(tmp_path, ask_tensorflow=recorded.probed))
    assert (with_gpu.status, with_gpu.stops) == ("missing", "gpu")
    assert "CPU build" in with_gpu.says
    assert "pip install 'mnistspec[gpu]'" in str(with_gpu.next)


def test_native_windows_is_sent_to_wsl(tmp_path: Path) -> None:
    (finding,) = cuda.check(recorded.gpu_machine(tmp_path, system="Windows", ask_tensorflow=recorded.probed))
    assert "wsl --install" in str(finding.next)


def test_the_build_and_the_found_versions_are_told(tmp_path: Path) -> None:
    machine = recorded.gpu_machine(tmp_path)
    build, libraries = named(machine, "cuda"), named(machine, "cuda libraries")
    assert build is not None and "12.5.1" in build.says and "cuDNN 9" in build.says
    assert libraries is not None and libraries.status == "ok"
    assert "12.9.79" in libraries.says and "9.28.0.42" in libraries.says


def test_a_driver_too_old_for_the_build(tmp_path: Path) -> None:
    machine = recorded.gpu_machine(tmp_path, **driven(recorded.OLD_DRIVER, "470.42.01", "11.4"))
    finding = named(machine, "driver for cuda")
    assert finding is not None and (finding.status, finding.stops) == ("missing", "gpu")
    assert "470.42.01" in finding.says and "525.60.13" in finding.says
    assert named(machine, "kernels") is None


def test_a_fit_driver_is_not_mentioned_twice(tmp_path: Path) -> None:
    assert named(recorded.gpu_machine(tmp_path), "driver for cuda") is None


def test_missing_wheels_are_named_with_their_versions(tmp_path: Path) -> None:
    packages = {name: found for name, found in recorded.GPU_PACKAGES.items() if name != "nvidia-cudnn-cu12"}
    finding = named(recorded.gpu_machine(tmp_path, distribution=packages.get), "cuda libraries")
    assert finding is not None and finding.status == "missing"
    assert finding.next == "pip install 'nvidia-cudnn-cu12<10.0,>=9.3.0.75'"


def test_a_wheel_of_a_wrong_version_does_not_do(tmp_path: Path) -> None:
    packages = {**recorded.GPU_PACKAGES, "nvidia-cudnn-cu12": Installed("8.9.7.29")}
    finding = named(recorded.gpu_machine(tmp_path, distribution=packages.get), "cuda libraries")
    assert finding is not None and finding.status == "missing"
    assert "8.9.7.29" in finding.says and ">=9.3.0.75" in str(finding.next)


def test_missing_wheels_without_a_gpu_are_no_fault(tmp_path: Path) -> None:
    packages = {**recorded.BASE, "tensorflow": recorded.GPU_PACKAGES["tensorflow"]}
    seen = recorded.probed(recorded.CUDA_BUILD)
    machine = recorded.cpu_machine(tmp_path, distribution=packages.get, ask_tensorflow=lambda: seen)
    finding = named(machine, "cuda libraries")
    assert finding is not None and finding.status == "note"


def test_the_systems_own_cuda_stands_in_for_wheels(tmp_path: Path) -> None:
    packages = {
        name: found
        for name, found in recorded.GPU_PACKAGES.items()
        if name not in ("nvidia-cudnn-cu12", "nvidia-cuda-runtime-cu12")
    }
    answers = {
        **recorded.smi(recorded.H100, recorded.header("550.90.07", "12.4")),
        ("ldconfig",): Ran("itself", 0, LDCONFIG),
    }
    machine = recorded.gpu_machine(tmp_path, distribution=packages.get, run=recorded.answering(answers))
    finding = named(machine, "cuda libraries")
    assert finding is not None and finding.status == "ok"
    assert finding.detail["libraries"]["nvidia-cudnn-cu12"] == "/usr/lib/x86_64-linux-gnu/libcudnn.so.9"


def test_another_cuda_in_the_library_path_is_noted(tmp_path: Path) -> None:
    machine = recorded.gpu_machine(
        tmp_path,
        environment={"LD_LIBRARY_PATH": "/opt/other:/usr/local/cuda-11.8/lib64"},
        names={"/usr/local/cuda-11.8/lib64": ("libcudart.so.11.0", "libcufft.so.10"), "/opt/other": ("libz.so",)}.get,
    )
    finding = named(machine, "library path")
    assert finding is not None and finding.next == "unset LD_LIBRARY_PATH"
    assert finding.detail["folders"] == ["/usr/local/cuda-11.8/lib64"]


def test_a_gpu_older_than_every_kernel(tmp_path: Path) -> None:
    query = "0, NVIDIA GeForce GTX 980, 535.183.01, 4096, 4000, 5.2, [N/A]\n"
    finding = named(recorded.gpu_machine(tmp_path, **driven(query, "535.183.01", "12.2")), "kernels")
    assert finding is not None and (finding.status, finding.stops) == ("missing", "gpu")


def test_kernels_that_the_driver_must_compile_are_a_note_and_an_older_driver_a_warning(tmp_path: Path) -> None:
    older = named(recorded.gpu_machine(tmp_path), "kernels")
    newer = named(recorded.gpu_machine(tmp_path, **driven(recorded.H100, "580.65.06", "13.0")), "kernels")
    assert older is not None and older.status == "note" and older.next is not None
    assert newer is not None and newer.status == "note" and newer.next is None


def test_a_gpu_with_ready_kernels_is_not_mentioned(tmp_path: Path) -> None:
    machine = recorded.gpu_machine(tmp_path, **driven(recorded.TWO_GPUS, "535.183.01", "12.2"))
    assert named(machine, "kernels") is None
