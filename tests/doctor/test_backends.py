"""The other backends: shown where installed, and never in the way of a run on TensorFlow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mnistspec.doctor import backends, examine
from mnistspec.doctor.commands import Ran
from mnistspec.doctor.machine import Installed

from . import recorded

_TRAINING = {"examples_per_second": 30_000, "step_seconds": 0.003, "error": 1e-6, "right": True}


def _machine(home: Path, ran: Ran) -> Any:
    packages = {**recorded.CPU_PACKAGES, "jax": Installed("0.10.2")}
    return recorded.cpu_machine(home, distribution=packages.get, ask_backend=lambda name: ran)


def _answered(**answer: Any) -> Ran:
    return Ran("itself", 0, f"a word of its own\n{json.dumps({'backend': 'jax', 'import_seconds': 2.0, **answer})}\n")


def test_what_is_not_installed_is_not_asked(tmp_path: Path) -> None:
    assert backends.check(recorded.cpu_machine(tmp_path)) == ()


def test_one_that_trains_right_is_shown_with_its_rate(tmp_path: Path) -> None:
    (found,) = backends.check(_machine(tmp_path, _answered(training=_TRAINING)))
    assert (found.check, found.status) == ("jax", "ok")
    assert "0.10.2 starts in 2.0 s, training 30,000 examples/s" in found.says and "--backend jax" in found.says


def test_one_that_was_not_measured_is_a_note(tmp_path: Path) -> None:
    (found,) = backends.check(_machine(tmp_path, _answered()))
    assert (found.status, "not measured" in found.says) == ("note", True)


@pytest.mark.parametrize(
    ("ran", "said"),
    [
        (_answered(training={**_TRAINING, "error": 0.5, "right": False}), "numbers are wrong"),
        (Ran("itself", 1, "", "Traceback\nImportError: no symbol"), "ImportError: no symbol"),
        (Ran("itself", -11), "no answer"),
        (Ran("timeout"), "no answer in time"),
    ],
)
def test_one_that_fails_is_told_and_stops_nothing(tmp_path: Path, ran: Ran, said: str) -> None:
    machine = _machine(tmp_path, ran)
    (found,) = backends.check(machine)
    assert found.status == "broken" and said in found.says
    assert found.next == "pip install --force-reinstall 'mnistspec[jax]'"
    assert examine(machine).exit_code == 0
