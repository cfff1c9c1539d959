"""Is this Python one that Keras and TensorFlow run on?"""

from __future__ import annotations

from mnistspec.doctor.finding import Finding, Status
from mnistspec.doctor.fits import NEWEST_PYTHON, OLDEST_PYTHON
from mnistspec.doctor.machine import Interpreter, Machine

NEW_ENVIRONMENT = "conda create -n mnistspec python=3.12 && conda activate mnistspec"


def check(machine: Machine) -> tuple[Finding, ...]:
    python = machine.interpreter
    status, reason = _verdict(python, machine.backend != "tensorflow" or machine.probed.imported)
    place = python.environment or "no environment of its own"
    version = ".".join(map(str, python.version))
    return (
        Finding(
            "python",
            status,
            f"{python.implementation} {version}, {python.bits} bit, {place}{reason}",
            {
                "version": version,
                "implementation": python.implementation,
                "bits": python.bits,
                "executable": python.executable,
                "environment": python.environment,
                "system": machine.system,
                "architecture": machine.architecture,
            },
            NEW_ENVIRONMENT if status in ("missing", "broken") else None,
        ),
    )


def _verdict(python: Interpreter, fits: bool) -> tuple[Status, str]:
    oldest, newest = (".".join(map(str, version)) for version in (OLDEST_PYTHON, NEWEST_PYTHON))
    if python.version[:2] < OLDEST_PYTHON:
        return "missing", f"; Keras needs Python {oldest} or newer"
    if fits:
        return "ok", ""
    if python.version[:2] > NEWEST_PYTHON:
        return "missing", f"; TensorFlow 2.21 has wheels for Python {oldest} to {newest}"
    if python.bits != 64:
        return "missing", "; TensorFlow has 64 bit wheels only"
    if python.implementation != "CPython":
        return "missing", "; TensorFlow has wheels for CPython only"
    return "ok", ""
