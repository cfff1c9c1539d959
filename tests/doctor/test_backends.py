"""The other backends: shown where installed, and never in the way of a run on TensorFlow."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mnistspec.doctor import backends, examine
from mnistspec.doctor.commands import Ran
from mnistspec.doctor.machine import Installed
from mnistspec.doctor.probe import Probed

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


_JAX_ALONE = {**recorded.BASE, "jax": Installed("0.10.2")}


def _without_tensorflow(home: Path, ran: Ran, **changes: Any) -> Any:
    return recorded.cpu_machine(
        home, distribution=_JAX_ALONE.get, ask_backend=lambda name: ran,
        ask_tensorflow=lambda: Probed("absent"), **changes,
    )  # fmt: skip


def test_where_jax_alone_is_installed_it_is_what_a_run_needs(tmp_path: Path) -> None:
    report = examine(_without_tensorflow(tmp_path, _answered(training=_TRAINING, devices=["CPU:0"])))
    assert (report.exit_code, report.backend, report.trains_on, report.measured) == (0, "jax", ("CPU:0",), True)
    (tensorflow,) = (found for found in report.findings if found.check == "tensorflow")
    assert (tensorflow.status, "--backend jax" in tensorflow.says) == ("note", True)


def test_a_jax_that_is_needed_and_fails_stops_a_run(tmp_path: Path) -> None:
    assert [found.check for found in examine(_without_tensorflow(tmp_path, Ran("itself", 1, "", "no"))).faults] == [
        "jax"
    ]


@pytest.mark.parametrize("named", [{"asked": "torch"}, {"environment": {"KERAS_BACKEND": "torch"}}])
def test_a_backend_that_is_asked_for_and_absent_names_its_line(tmp_path: Path, named: dict[str, Any]) -> None:
    report = examine(_without_tensorflow(tmp_path, _answered(training=_TRAINING), **named))
    assert [(fault.check, fault.next) for fault in report.faults] == [("torch", "pip install 'mnistspec[torch]'")]


def test_a_tensorflow_that_fails_is_not_in_the_way_of_another_backend(tmp_path: Path) -> None:
    machine = _machine(tmp_path, _answered(training=_TRAINING, devices=["CPU:0", "CUDA:0"]))
    report = examine(replace(machine, asked="jax", ask_tensorflow=lambda: Probed("crashed", "SIGILL")), gpu=True)
    assert (report.exit_code, report.trains_on) == (0, ("CUDA:0",))
