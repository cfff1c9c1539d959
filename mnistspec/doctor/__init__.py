"""`mnistspec doctor`: will it run here, on what, and if not, what to type.

One check a file; each looks at a `Machine` and returns `Finding`s. The table below is all of them, in the order shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mnistspec.doctor import backends, cache, cuda, devices, memory, nvidia, packages, processor, python
from mnistspec.doctor.finding import Finding, Part, Report
from mnistspec.doctor.machine import Machine, this_machine
from mnistspec.doctor.probe import Device

__all__ = ["CHECKS", "NAMES", "Finding", "Machine", "Part", "Report", "examine", "this_machine"]

Check = Callable[[Machine], tuple[Finding, ...]]

CHECKS: dict[str, tuple[Check, ...]] = {
    "Python and packages": (python.check, packages.check),
    "Machine": (processor.check, memory.check),
    "GPU": (nvidia.check, cuda.check),
    "TensorFlow": (devices.check,),
    "JAX and PyTorch": (backends.check,),
    "Keras' folder and data sets": (cache.check,),
}

# What says nothing of a run on another backend.
_OF_TENSORFLOW = ("GPU", "TensorFlow")

NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}


def examine(machine: Machine, *, gpu: bool = False) -> Report:
    """Run every check on a machine; with `gpu`, a GPU that trains is needed and not only welcome."""
    parts = [Part(title, _findings(machine, title, checks)) for title, checks in CHECKS.items()]
    devices, measured = _used(machine)
    demanded = _demand(machine, parts, devices) if gpu else ()
    return Report((*parts, *demanded), gpu, devices, measured, machine.backend)


def _findings(machine: Machine, title: str, checks: tuple[Check, ...]) -> tuple[Finding, ...]:
    found = tuple(finding for check in checks for finding in check(machine))
    beside = machine.backend != "tensorflow" and title in _OF_TENSORFLOW
    return tuple(replace(one, stops="nothing") for one in found) if beside else found


def _used(machine: Machine) -> tuple[tuple[str, ...], bool]:
    """The devices that a run will use, the GPUs that its backend sees, else the CPU; and whether all compute right."""
    if machine.backend != "tensorflow":
        there = machine.distribution(machine.backend) is not None
        answer = backends.answer_of(machine, machine.backend) if there else None
        return (answer.devices, answer.right) if answer is not None else ((), False)
    seen: tuple[Device, ...] = machine.probed.gpus or machine.probed.devices
    return tuple(map(_name, seen)), bool(seen) and all(device.right for device in seen)


def _name(device: Device) -> str:
    return f"{device.name} ({device.model})" if device.model else device.name


def _demand(machine: Machine, parts: list[Part], devices: tuple[str, ...]) -> tuple[Part, ...]:
    """The finding for a demanded GPU that is not there, where no other finding has said what stops it."""
    told = any(found.is_fault for part in parts for found in part.findings if found.stops == "gpu")
    if told or any(not name.startswith("CPU") for name in devices):
        return ()
    says = f"a GPU was demanded (--gpu) and {NAMES[machine.backend]} has none here"
    finding = Finding("gpu", "missing", says, {}, "nvidia-smi   (on a machine with an NVIDIA GPU)", stops="gpu")
    return (Part("Demanded", (finding,)),)
