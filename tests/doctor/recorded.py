"""Recorded answers of the programs that the doctor asks, and a `Machine` to put them into."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mnistspec.doctor.commands import Ran
from mnistspec.doctor.machine import Installed, Interpreter, Machine
from mnistspec.doctor.probe import Device, Probed, Product, Training
from mnistspec.doctor.stored import Stored

H100 = "0, NVIDIA H100 80GB HBM3, 550.90.07, 81559, 81008, 9.0, Disabled\n"
A100_SLICED = "0, NVIDIA A100-SXM4-40GB, 535.129.03, 40960, 40300, 8.0, Enabled\n"
TWO_GPUS = (
    "0, NVIDIA GeForce RTX 3090, 535.183.01, 24576, 24111, 8.6, [N/A]\n"
    "1, NVIDIA GeForce RTX 2080 Ti, 535.183.01, 11264, 11003, 7.5, [N/A]\n"
)
OLD_DRIVER = "0, Tesla V100-SXM2-16GB, 470.42.01, 16160, 16157, 7.0, [N/A]\n"
NO_SUCH_FIELD = 'Field "compute_cap" is not a valid field to query.\n\n'
OLDEST_ANSWER = "0, Tesla K80, 418.226.00, 11441, 11441\n"

NOT_COMMUNICATING = (
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. "
    "Make sure that the latest NVIDIA driver is installed and running.\n\n"
)
MISMATCH = "Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.107\n"
BLOCKED = "Failed to initialize NVML: GPU access blocked by the operating system\n"
NO_DEVICES = "No devices were found\n"

MIG_LISTING = """GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f)
  MIG 3g.20gb     Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)
  MIG 2g.10gb     Device  1: (UUID: MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb)
"""
UNSLICED_LISTING = "GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f)\n"
WSL_KERNEL = "Linux version 5.15.153.1-microsoft-standard-WSL2 (root@941d701f84f1) #1 SMP\n"

CUDA_BUILD = {
    "is_cuda_build": True,
    "cuda_version": "12.5.1",
    "cudnn_version": "9",
    "cuda_compute_capabilities": ["sm_60", "sm_70", "sm_80", "sm_89", "compute_90"],
}
AND_CUDA = (
    'nvidia-cuda-runtime-cu12<13.0,>=12.5.82; extra == "and-cuda"',
    'nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"',
    'nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
)
NEEDED = ("keras>=3.12.0", "numpy>=1.26.0", "h5py<3.15.0,>=3.11.0")
BASE = {
    "mnistspec": Installed("0.1.0", ("PyYAML>=6.0.1",)),
    "PyYAML": Installed("6.0.3"),
    "keras": Installed("3.15.1", ("numpy", "packaging")),
    "numpy": Installed("2.4.6"),
    "pillow": Installed("12.0.0"),
    "h5py": Installed("3.14.0", ("numpy>=1.21.2",)),
    "packaging": Installed("25.0"),
}
CPU_PACKAGES = {**BASE, "tensorflow-cpu": Installed("2.21.0", (*NEEDED, *AND_CUDA))}
GPU_PACKAGES = {
    **BASE,
    "tensorflow": Installed("2.21.0", (*NEEDED, *AND_CUDA)),
    "nvidia-cuda-runtime-cu12": Installed("12.9.79"),
    "nvidia-cudnn-cu12": Installed("9.28.0.42"),
    "nvidia-cublas-cu12": Installed("12.9.3.13"),
}

TRAINING = Training(28000, 0.0036, 1e-6, True)
RIGHT_CPU = Device("CPU:0", "CPU", product=Product(1024, 120.0, 7e-7, True), training=TRAINING)
RIGHT_GPU = Device(
    "GPU:0",
    "GPU",
    "NVIDIA H100 80GB HBM3",
    (9, 0),
    Product(4096, 410000.0, 9e-7, True),
    Training(61000, 0.0016, 3e-5, True),
)


def header(driver: str, cuda: str) -> str:
    """The top of `nvidia-smi`'s plain output."""
    return (
        "Wed Mar 13 17:14:08 2024\n"
        "+-----------------------------------------------------------------------------------------+\n"
        f"| NVIDIA-SMI {driver:<22} Driver Version: {driver:<14} CUDA Version: {cuda:<8} |\n"
        "|-----------------------------------------+------------------------+----------------------+\n"
    )


def smi(query: str, plain: str = "", listing: str = "", program: str = "nvidia-smi") -> dict[tuple[str, ...], Ran]:
    """A driver that answers."""
    return {
        (program, "--query-gpu"): Ran("itself", 0, query),
        (program, "-L"): Ran("itself", 0, listing),
        (program,): Ran("itself", 0, plain),
    }


def failing(said: str, code: int) -> dict[tuple[str, ...], Ran]:
    """A driver that fails with some words."""
    return {("nvidia-smi",): Ran("itself", code, said)}


def answering(answers: Mapping[tuple[str, ...], Ran]) -> Callable[[Sequence[str], float], Ran]:
    """A runner that gives a recorded answer to each command that begins so, and finds no other program."""

    def run(command: Sequence[str], timeout: float) -> Ran:
        for start, ran in answers.items():
            if command[0] == start[0] and all(any(arg.startswith(word) for arg in command) for word in start[1:]):
                return ran
        return Ran("absent")

    return run


def probed(build: Mapping[str, Any] | None = None, devices: tuple[Device, ...] = (RIGHT_CPU,), **more: Any) -> Probed:
    """A TensorFlow that started."""
    facts = {
        "tensorflow": "2.21.0",
        "keras": "3.15.1",
        "numpy": "2.4.6",
        "import_seconds": 3.1,
        "build": dict(build or {"is_cuda_build": False}),
        "threads": {"intra_op": 0, "inter_op": 0},
        "peak_bytes": 619_483_136,
    }
    return Probed(**{"ended": "answered", "facts": facts, "devices": devices, **more})


def printed(*objects: Mapping[str, Any]) -> str:
    """What the probe's process prints."""
    return "".join(json.dumps(line) + "\n" for line in objects)


def cpu_machine(home: Path, **changes: Any) -> Machine:
    """A fit Linux machine without a GPU; `changes` replace fields of it."""
    machine = Machine(
        system="Linux",
        architecture="x86_64",
        interpreter=Interpreter((3, 12, 4), environment="venv /home/u/env"),
        environment={},
        home=home,
        cores=8,
        run=answering({}),
        distribution=CPU_PACKAGES.get,
        read={"/proc/cpuinfo": "model name : Some CPU\nflags : fpu sse4_2 avx avx2 fma\n"}.get,
        names={"/sys/bus/pci/devices": ()}.get,
        disk_free=lambda folder: 50 * 2**30,
        ask_tensorflow=probed,
        datasets=lambda: (Stored("mnist", "good", 11_490_434), Stored("mnist_sample", "good", 830_546)),
    )
    return replace(machine, **changes)


def gpu_machine(home: Path, **changes: Any) -> Machine:
    """A fit Linux machine with an H100 that TensorFlow sees; `changes` replace fields of it."""
    seen = probed(CUDA_BUILD, (RIGHT_CPU, RIGHT_GPU))
    machine = cpu_machine(
        home,
        run=answering(smi(H100, header("550.90.07", "12.4"))),
        distribution=GPU_PACKAGES.get,
        ask_tensorflow=lambda: seen,
    )
    return replace(machine, **changes)
