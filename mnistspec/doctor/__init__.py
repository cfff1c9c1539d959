"""`mnistspec doctor`: will it run here, on what, and if not, what to type.

One check a file; each looks at a `Machine` and returns `Finding`s. The table below is all of them, in the order shown.
"""

from __future__ import annotations

from collections.abc import Callable

from mnistspec.doctor import backends, cache, cuda, devices, memory, nvidia, packages, processor, python
from mnistspec.doctor.finding import Finding, Part, Report
from mnistspec.doctor.machine import Machine, this_machine
from mnistspec.doctor.probe import Device, Probed

__all__ = ["CHECKS", "Finding", "Machine", "Part", "Report", "examine", "this_machine"]

Check = Callable[[Machine], tuple[Finding, ...]]

CHECKS: dict[str, tuple[Check, ...]] = {
    "Python and packages": (python.check, packages.check),
    "Machine": (processor.check, memory.check),
    "GPU": (nvidia.check, cuda.check),
    "TensorFlow": (devices.check,),
    "Other backends": (backends.check,),
    "Keras' folder and data sets": (cache.check,),
}


def examine(machine: Machine, *, gpu: bool = False) -> Report:
    """Run every check on a machine; with `gpu`, a GPU that trains is needed and not only welcome."""
    parts = [Part(title, _findings(machine, checks)) for title, checks in CHECKS.items()]
    devices = _used(machine.probed)
    measured = bool(devices) and all(device.right for device in devices)
    demanded = _demand(machine, parts) if gpu else ()
    return Report((*parts, *demanded), gpu, tuple(map(_name, devices)), measured)


def _findings(machine: Machine, checks: tuple[Check, ...]) -> tuple[Finding, ...]:
    return tuple(finding for check in checks for finding in check(machine))


def _used(probed: Probed) -> tuple[Device, ...]:
    """The devices that a run will use: the GPUs that TensorFlow sees, else the CPU, as TensorFlow itself chooses."""
    return probed.gpus or probed.devices


def _name(device: Device) -> str:
    return f"{device.name} ({device.model})" if device.model else device.name


def _demand(machine: Machine, parts: list[Part]) -> tuple[Part, ...]:
    """The finding for a demanded GPU that is not there, where no other finding has said what stops it."""
    told = any(found.is_fault for part in parts for found in part.findings if found.stops == "gpu")
    if machine.probed.gpus or told:
        return ()
    says = "a GPU was demanded (--gpu) and TensorFlow has none here"
    finding = Finding("gpu", "missing", says, {}, "nvidia-smi   (on a machine with an NVIDIA GPU)", stops="gpu")
    return (Part("Demanded", (finding,)),)
