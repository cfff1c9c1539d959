"""Training that this machine has no memory for; which it is, is not a matter of the machine the tests run on."""

from __future__ import annotations

import pytest

from tests.lints.checking import findings, of_training


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def _has(machine: pytest.MonkeyPatch, memory: int | None) -> None:
    machine.setattr("mnistspec.memory.machine_memory", lambda: memory)


@pytest.mark.parametrize(("memory", "found"), [(2**40, []), (2**20, ["W518"]), (None, [])])
def test_what_is_needed_and_what_is_there(machine: pytest.MonkeyPatch, memory: int | None, found: list[str]) -> None:
    _has(machine, memory)
    assert of_training() == found


def test_a_spec_without_training_needs_none(machine: pytest.MonkeyPatch) -> None:
    _has(machine, 1)
    assert findings("model: {kind: sequential, input: [8], layers: [{Dense: {units: 1}}]}") == ()


def test_the_place_and_the_help_say_what_takes_most(machine: pytest.MonkeyPatch) -> None:
    _has(machine, 1)
    model = "model: {kind: sequential, input: [8], layers: [{Dense: {units: 1}}]}\ncompile: {loss: mse}\n"
    (large_batch,) = findings(f"{model}fit: {{batch_size: 1000000}}")
    (large_model,) = findings(f"{model.replace('units: 1', 'units: 100000')}fit: {{batch_size: 1}}")
    assert large_batch.span is not None and large_batch.span.text == "1000000"
    assert large_batch.help is not None and large_batch.help.startswith("a smaller batch")
    assert large_model.line == 2
    assert large_model.help is not None and large_model.help.startswith("fewer parameters")
