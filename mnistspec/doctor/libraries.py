"""Where the CUDA libraries are that TensorFlow asks for: as wheels of pip, or on the system."""

from __future__ import annotations

import re

from mnistspec.doctor.machine import Machine
from mnistspec.doctor.requirements import required, unmet
from mnistspec.frozen import dataclass

# The file that a system's own CUDA brings in place of a wheel. `nvcc` is needed for `ptxas` and libdevice.
SYSTEM_FILES = {
    "nvidia-cuda-runtime-cu12": "libcudart.so.12",
    "nvidia-cudnn-cu12": "libcudnn.so.9",
    "nvidia-cublas-cu12": "libcublas.so.12",
    "nvidia-cufft-cu12": "libcufft.so.11",
    "nvidia-curand-cu12": "libcurand.so.10",
    "nvidia-cusolver-cu12": "libcusolver.so.11",
    "nvidia-cusparse-cu12": "libcusparse.so.12",
    "nvidia-cuda-cupti-cu12": "libcupti.so.12",
    "nvidia-nccl-cu12": "libnccl.so.2",
    "nvidia-cuda-nvrtc-cu12": "libnvrtc.so.12",
    "nvidia-nvjitlink-cu12": "libnvJitLink.so.12",
}
_CUDA_FILE = re.compile(r"lib(?:cudart|cudnn|cublas)\.so")


@dataclass(frozen=True)
class Library:
    """One library: `found` is its wheel's version or its path on the system, `problem` why it does not do."""

    package: str
    requirement: str
    found: str | None
    problem: str | None


def find_libraries(machine: Machine) -> tuple[Library, ...]:
    """Every library of the extra `and-cuda` of the installed TensorFlow; none where it has no such extra."""
    tensorflow = machine.distribution("tensorflow")
    if tensorflow is None or machine.distribution("packaging") is None:
        return ()
    system = system_libraries(machine)
    return tuple(
        _library(
            machine, requirement.name, str(requirement.specifier), unmet(machine, "tensorflow", requirement), system
        )
        for requirement in required(tensorflow, "and-cuda")
    )


def _library(machine: Machine, package: str, versions: str, problem: object, system: dict[str, str]) -> Library:
    wheel = machine.distribution(package)
    requirement = f"{package}{versions}"
    if wheel is not None:
        return Library(package, requirement, wheel.version, f"{wheel.version} does not do" if problem else None)
    found = system.get(SYSTEM_FILES.get(package, ""))
    return Library(package, requirement, found, None if found else "not found")


def system_libraries(machine: Machine) -> dict[str, str]:
    """The shared libraries that the system's loader knows, name to path, as `ldconfig -p` lists them."""
    if machine.system != "Linux":
        return {}
    listing = machine.run(("ldconfig", "-p"), 10)
    if listing.ended == "absent":  # outside root's PATH on Debian
        listing = machine.run(("/sbin/ldconfig", "-p"), 10)
    return dict(re.findall(r"^\s+(\S+) \([^)]*\) => (\S+)$", listing.out, re.MULTILINE))


def foreign_folders(machine: Machine) -> tuple[str, ...]:
    """The folders of `LD_LIBRARY_PATH` that hold a CUDA of their own."""
    folders = [folder for folder in machine.environment.get("LD_LIBRARY_PATH", "").split(":") if folder]
    return tuple(folder for folder in folders if any(map(_CUDA_FILE.match, machine.names(folder) or ())))
