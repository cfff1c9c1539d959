"""Asking TensorFlow what it is and what it can do, in a process of its own.

An import that crashes (an illegal instruction, a broken library) or hangs (a GPU that does not answer) ends that
process and not the caller. It prints one JSON object a line as it goes, so that what it found before it died is kept.
"""

from __future__ import annotations

import json
import os
import signal
import site
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Literal

from mnistspec.doctor.commands import Ran, run
from mnistspec.frozen import dataclass

TIMEOUT_SECONDS = 180.0
LOG_LINES = 12
HERE = Path(__file__).resolve().parents[3]
# Windows reports a crash as an exception code instead of a signal.
_WINDOWS_CRASHES = {0xC000001D: "SIGILL", 0xC0000005: "SIGSEGV", 0xC0000409: "SIGABRT"}
_LOG_WORDS = ("dlopen", "dynamic library", "cuinit", "cuda", "cudnn", "libdevice", "ptx", "llvm error", "out of memory")


@dataclass(frozen=True)
class Product:
    """A matrix product of `size` x `size` float32: its rate, and its largest relative error against NumPy."""

    size: int
    gflops: float
    error: float
    right: bool


@dataclass(frozen=True)
class Training:
    """Steps of a small Dense model: its rate, and the error of the first step's weights against NumPy's."""

    examples_per_second: float
    step_seconds: float
    error: float
    right: bool


@dataclass(frozen=True)
class Device:
    """A device that TensorFlow sees, with what was measured on it; `failure` is why it could not be."""

    name: str
    kind: str
    model: str = ""
    capability: tuple[int, int] | None = None
    product: Product | None = None
    training: Training | None = None
    failure: str | None = None

    @property
    def right(self) -> bool:
        """Whether everything was measured and every number agreed."""
        return bool(self.product and self.product.right and self.training and self.training.right)


@dataclass(frozen=True)
class Probed:
    """What TensorFlow answered, and how the asking ended.

    `absent` and `failed` concern an import (`facts["import_error"]` says which), `crashed` names the signal in `said`.
    """

    ended: Literal["answered", "absent", "failed", "crashed", "timeout"]
    said: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    devices: tuple[Device, ...] = ()
    log: tuple[str, ...] = ()

    @property
    def imported(self) -> bool:
        return "tensorflow" in self.facts

    @property
    def build(self) -> Mapping[str, Any]:
        """TensorFlow's own words on its build: `is_cuda_build`, `cuda_version`, `cudnn_version`, ..."""
        return self.facts.get("build") or {}

    @property
    def gpus(self) -> tuple[Device, ...]:
        return tuple(device for device in self.devices if device.kind == "GPU")


def ask(measure: bool = True, timeout: float = TIMEOUT_SECONDS) -> Probed:
    """Start the process and read its answer; without `measure` the devices are only listed. Takes 5 to 60 seconds."""
    command = [sys.executable, "-P", "-m", "mnistspec.doctor.probe", *([] if measure else ["--list"])]
    return read(run(command, timeout, environment(os.environ)))


def ask_backend(name: str, *, measure: bool = True, timeout: float = TIMEOUT_SECONDS) -> Ran:
    """The same for Keras on another backend, whose process prints one object."""
    command = [sys.executable, "-P", "-m", "mnistspec.doctor.probe.backend", *([] if measure else ["--list"])]
    return run(command, timeout, {**environment(os.environ), "KERAS_BACKEND": name})


def environment(base: Mapping[str, str], here: Path = HERE) -> dict[str, str]:
    """The process's environment: this very package (in `here`) found, TensorFlow as the backend and willing to talk.

    TensorFlow's log is kept, not shown; `dso_loader=1` makes it name each library that it cannot open.
    """
    # Python finds its own package folders by itself. Named in PYTHONPATH they would come before the standard library,
    # and an old backport in them would take its place.
    found = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), site.getusersitepackages()}
    first = "" if str(here) in found else str(here)
    path = os.pathsep.join(part for part in (first, base.get("PYTHONPATH", "")) if part)
    logging = {"TF_CPP_MIN_LOG_LEVEL": "0", "TF_CPP_VMODULE": "dso_loader=1"}
    return {**base, "PYTHONPATH": path, "KERAS_BACKEND": "tensorflow", "PYTHONWARNINGS": "ignore", **logging}


def read(ran: Ran) -> Probed:
    """The answer in what the process printed, whole or not."""
    facts: dict[str, Any] = {}
    for line in _objects(ran.out):
        facts.update(line)
    ended, said = _ending(ran, facts)
    return Probed(ended, said, facts, _devices(ran.out, facts, said), _telling(ran.err))


def _ending(
    ran: Ran, facts: Mapping[str, Any]
) -> tuple[Literal["answered", "absent", "failed", "crashed", "timeout"], str]:
    if ran.ended == "timeout":
        return "timeout", "no answer in time"
    error = facts.get("import_error")
    if error is not None:
        return ("absent" if error["absent"] else "failed"), f"{error['kind']}: {error['text']}"
    if facts.get("done"):
        return "answered", ""
    return "crashed", _signal(ran.code) or _last_line(ran.err) or f"exit code {ran.code}"


def _signal(code: int | None) -> str:
    if code is None or code >= 0:
        return _WINDOWS_CRASHES.get(code or 0, "")
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _devices(text: str, facts: Mapping[str, Any], said: str) -> tuple[Device, ...]:
    measured = {line["measured"]["name"]: line["measured"] for line in _objects(text) if "measured" in line}
    return tuple(_device(listed, measured, facts, said) for listed in facts.get("devices", ()))


def _device(listed: Mapping[str, Any], measured: Mapping[str, Any], facts: Mapping[str, Any], said: str) -> Device:
    found = measured.get(listed["name"], {})
    failure = found.get("failure")
    if not found and facts.get("measuring") == listed["name"]:
        failure = f"the process ended while it was measured: {said}"
    capability = listed.get("capability")
    return Device(
        name=listed["name"],
        kind=listed["kind"],
        model=listed.get("model", ""),
        capability=tuple(capability) if capability else None,
        product=Product(**found["product"]) if found.get("product") else None,
        training=Training(**found["training"]) if found.get("training") else None,
        failure=failure,
    )


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects among the lines; a library may have printed lines of its own, or death cut one short."""
    for line in text.splitlines():
        if line.startswith("{"):
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                continue


def _telling(log: str) -> tuple[str, ...]:
    """The last lines of TensorFlow's log that speak of a GPU, a library or memory, each once."""
    lines = (line.strip() for line in log.splitlines())
    told = dict.fromkeys(line for line in lines if any(word in line.lower() for word in _LOG_WORDS))
    return tuple(told)[-LOG_LINES:]


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
