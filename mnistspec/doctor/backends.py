"""Do the backends beside TensorFlow that are installed start, and do they train right?

One that a run needs here stops it; any other stops nothing.
"""

from __future__ import annotations

import json
from dataclasses import field
from typing import Any

from mnistspec.doctor.commands import Ran
from mnistspec.doctor.finding import Finding, Stops
from mnistspec.doctor.machine import Machine
from mnistspec.frozen import dataclass

OTHERS = ("jax", "torch")


@dataclass(frozen=True)
class Answer:
    """What Keras answered on a backend: `facts` are empty where it does not start."""

    ran: Ran
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices that a run will use: the accelerators, else the processor."""
        seen = tuple(self.facts.get("devices", ()))
        return tuple(name for name in seen if not name.startswith("CPU")) or seen

    @property
    def right(self) -> bool:
        """Whether it trained, to the right numbers."""
        training = self.facts.get("training")
        return training is not None and bool(training["right"])


def check(machine: Machine) -> tuple[Finding, ...]:
    return tuple(_backend(machine, name) for name in OTHERS if machine.distribution(name) is not None)


def answer_of(machine: Machine, name: str) -> Answer:
    """Asks a backend. A library may have printed lines of its own: the answer is the last that is an object."""
    ran = machine.ask_backend(name)
    lines = [line for line in ran.out.splitlines() if line.startswith("{")] if ran.ok else []
    return Answer(ran, json.loads(lines[-1]) if lines else {})


def _backend(machine: Machine, name: str) -> Finding:
    installed, answer = machine.distribution(name), answer_of(machine, name)
    assert installed is not None
    ran, stops = answer.ran, _stops(machine, name)
    detail = {"version": installed.version, "ended": ran.ended, "code": ran.code, **answer.facts}
    if not answer.facts:
        last = (ran.err.strip().splitlines() or ["no answer in time" if ran.ended == "timeout" else "no answer"])[-1]
        says = f"{name} {installed.version} does not work under Keras: {last}"
        return Finding(name, "broken", says, detail, _reinstall(name), stops)
    starts = f"{name} {installed.version} starts in {answer.facts['import_seconds']:.1f} s"
    training = answer.facts.get("training")
    if training is None:
        return Finding(name, "note", f"{starts}, not measured", detail)
    trains = f"{starts}, training {training['examples_per_second']:,.0f} examples/s"
    if not answer.right:
        says = f"{trains}, but the numbers are wrong: relative error {training['error']:.1e}"
        return Finding(name, "broken", says, detail, _reinstall(name), stops)
    return Finding(name, "ok", f"{trains}; the numbers agree with NumPy (`--backend {name}`)", detail)


def _stops(machine: Machine, name: str) -> Stops:
    return "run" if name == machine.backend else "nothing"


def _reinstall(name: str) -> str:
    return f"pip install --force-reinstall 'mnistspec[{name}]'"
