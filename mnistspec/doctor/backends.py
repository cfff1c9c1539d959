"""Do the other backends that are installed start, and do they train right? None of them stops a run on TensorFlow."""

from __future__ import annotations

import json
from typing import Any

from mnistspec.doctor.finding import Finding
from mnistspec.doctor.machine import Machine

OTHERS = ("jax", "torch")


def check(machine: Machine) -> tuple[Finding, ...]:
    return tuple(_backend(machine, name) for name in OTHERS if machine.distribution(name) is not None)


def _backend(machine: Machine, name: str) -> Finding:
    installed, ran = machine.distribution(name), machine.ask_backend(name)
    assert installed is not None
    answer = _answer(ran.out) if ran.ok else {}
    detail = {"version": installed.version, "ended": ran.ended, "code": ran.code, **answer}
    if not answer:
        last = (ran.err.strip().splitlines() or ["no answer in time" if ran.ended == "timeout" else "no answer"])[-1]
        says = f"{name} {installed.version} does not work under Keras: {last}"
        return Finding(name, "broken", says, detail, _reinstall(name), stops="nothing")
    starts = f"{name} {installed.version} starts in {answer['import_seconds']:.1f} s"
    training = answer.get("training")
    if training is None:
        return Finding(name, "note", f"{starts}, not measured", detail)
    trains = f"{starts}, training {training['examples_per_second']:,.0f} examples/s"
    if not training["right"]:
        says = f"{trains}, but the numbers are wrong: relative error {training['error']:.1e}"
        return Finding(name, "broken", says, detail, _reinstall(name), stops="nothing")
    return Finding(name, "ok", f"{trains}; the numbers agree with NumPy (`--backend {name}`)", detail)


def _answer(out: str) -> dict[str, Any]:
    """The last line that is an object: a library may have printed lines of its own."""
    lines = [line for line in out.splitlines() if line.startswith("{")]
    answer: dict[str, Any] = json.loads(lines[-1]) if lines else {}
    return answer


def _reinstall(name: str) -> str:
    return f"pip install --force-reinstall 'mnistspec[{name}]'"
