"""Where the checks get their facts: the one place that looks at this computer. A test builds a `Machine` of its own."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import field
from functools import cache, cached_property, partial
from pathlib import Path

from mnistspec.backend import BACKENDS
from mnistspec.doctor import probe, smi
from mnistspec.doctor.commands import Ran, Runner, run
from mnistspec.doctor.probe import Probed
from mnistspec.doctor.smi import Smi
from mnistspec.doctor.stored import Stored, stored_datasets
from mnistspec.frozen import dataclass
from mnistspec.processors import cores

# The packages that bring TensorFlow. All put their files into one folder: two of them overwrite each other.
TENSORFLOWS = ("tensorflow", "tensorflow-cpu", "tf-nightly", "tf-nightly-cpu", "tensorflow-rocm")


@dataclass(frozen=True)
class Installed:
    """An installed distribution: its version and its requirements, as its metadata spells them."""

    version: str
    requires: tuple[str, ...] = ()


@dataclass(frozen=True)
class Interpreter:
    """The Python that runs this. `environment` names the kind of environment it stands in, None for none."""

    version: tuple[int, int, int]
    implementation: str = "CPython"
    bits: int = 64
    executable: str = "python"
    environment: str | None = None


@dataclass(frozen=True)
class Machine:
    """The facts of one computer, each taken when first asked for.

    `distribution` looks up an installed package, `read` a text file and `names` the names in a folder (None where there
    is none), `disk_free` the free bytes under a folder. `asked` names the backend to be judged, if any.
    """

    system: str
    architecture: str
    interpreter: Interpreter
    environment: Mapping[str, str]
    home: Path
    cores: int
    run: Runner
    distribution: Callable[[str], Installed | None]
    read: Callable[[str], str | None]
    names: Callable[[str], tuple[str, ...] | None]
    disk_free: Callable[[Path], int | None]
    ask_tensorflow: Callable[[], Probed] = field(repr=False)
    datasets: Callable[[], tuple[Stored, ...]] = field(repr=False)
    ask_backend: Callable[[str], Ran] = field(default=lambda name: Ran("absent"), repr=False)
    asked: str | None = None

    @cached_property
    def smi(self) -> Smi:
        return smi.ask(self.run)

    @cached_property
    def probed(self) -> Probed:
        return self.ask_tensorflow()

    @cached_property
    def tensorflows(self) -> tuple[str, ...]:
        """The installed packages that bring TensorFlow."""
        return tuple(name for name in TENSORFLOWS if self.distribution(name))

    @cached_property
    def backend(self) -> str:
        """The backend that a run needs here: the one asked for, else the first that is installed."""
        named = self.asked or self.environment.get("KERAS_BACKEND")
        if named in BACKENDS:
            return named
        there = (name for name in BACKENDS[1:] if self.distribution(name))
        return BACKENDS[0] if self.tensorflows else next(there, BACKENDS[0])

    @cached_property
    def wsl(self) -> bool:
        """Whether this is Linux inside Windows."""
        return "microsoft" in (self.read("/proc/version") or "").lower()

    @cached_property
    def container(self) -> bool:
        return any(self.read(mark) is not None for mark in ("/.dockerenv", "/run/.containerenv"))

    @property
    def runs_cuda(self) -> bool:
        """Whether TensorFlow has a CUDA build for this system at all."""
        return self.system == "Linux" and self.architecture in ("x86_64", "aarch64")

    @property
    def extra(self) -> str:
        """The line that installs the run half here; TensorFlow's with CUDA where an NVIDIA driver answers."""
        if self.backend != "tensorflow":
            return f"pip install 'mnistspec[{self.backend}]'"
        if self.runs_cuda and self.smi.gpus:
            return "pip install 'mnistspec[gpu]'"
        if self.system == "Darwin" or self.architecture == "aarch64":  # `tensorflow-cpu` has no wheels there
            return "pip install mnistspec 'tensorflow>=2.21' 'keras>=3.15' numpy pillow"
        return "pip install 'mnistspec[cpu]'"


def this_machine(measure: bool = True, backend: str | None = None) -> Machine:
    """The computer that this runs on, `backend` to be judged; without `measure` devices are listed and not measured."""
    return Machine(
        system=platform.system(),
        architecture={"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine()),
        interpreter=_interpreter(),
        environment=dict(os.environ),
        home=Path.home(),
        cores=cores(),
        run=run,
        distribution=_distribution,
        read=_read,
        names=_names,
        disk_free=_disk_free,
        ask_tensorflow=partial(probe.ask, measure),
        datasets=stored_datasets,
        ask_backend=cache(partial(probe.ask_backend, measure=measure)),
        asked=backend,
    )


def _interpreter() -> Interpreter:
    return Interpreter(
        version=sys.version_info[:3],
        implementation=platform.python_implementation(),
        bits=64 if sys.maxsize > 2**32 else 32,
        executable=sys.executable,
        environment=_environment_kind(),
    )


def _environment_kind() -> str | None:
    if sys.prefix != sys.base_prefix:
        return f"venv {sys.prefix}"
    conda = os.environ.get("CONDA_PREFIX")
    return f"conda {conda}" if conda and Path(sys.prefix) == Path(conda) else None


def _distribution(name: str) -> Installed | None:
    try:
        found = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    # A half removed package leaves a folder behind that has no metadata in it, and so no version.
    if "Version" not in found.metadata:
        return None
    return Installed(found.version, tuple(found.requires or ()))


def _read(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def _names(folder: str) -> tuple[str, ...] | None:
    try:
        return tuple(sorted(entry.name for entry in Path(folder).iterdir()))
    except OSError:
        return None


def _disk_free(folder: Path) -> int | None:
    """Free bytes where a folder is, or where it would be made."""
    existing = next((place for place in (folder, *folder.parents) if os.access(place, os.F_OK)), None)
    try:
        return shutil.disk_usage(existing).free if existing else None
    except OSError:
        return None
