"""A graph that is made before there are examples trains as one that is made of them."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytestmark = pytest.mark.keras


def blank_like(examples: Any) -> Any:
    """Examples of the same form with nothing in them."""
    import numpy as np

    from mnistspec.datasets.stored import Stored
    from mnistspec.training.examples import Examples

    def blank(array: Any) -> Any:
        return Stored(np.zeros_like(array.raw), array.steps) if isinstance(array, Stored) else np.zeros_like(array)

    return Examples(blank(examples.x), blank(examples.y), examples.count)


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Each tracing of a loop of steps."""
    from mnistspec.training.loop import StepGraphs

    found: list[Any] = []
    several = StepGraphs._several
    monkeypatch.setattr(StepGraphs, "_several", lambda *given: (found.append(given), several(*given))[1])
    return found


@pytest.mark.parametrize("prepared", [0, 1], ids=["prepared", "stored"])
def test_the_bits_are_the_same(tiny: ModuleType, tmp_path: Path, traced: list[Any], prepared: int) -> None:
    from mnistspec.training.ahead import ahead

    train = tiny.both_ways()[prepared]
    asked: dict[str, Any] = {"train": train, "batch_size": 8, "steps_at_once": 3, "compiled_whole": True}
    plain, early = tiny.model(), tiny.model()
    expected = tiny.fit(plain, tmp_path, validation=train, **asked)
    traced.clear()
    begun = ahead(early, blank_like(train), 8)
    before = [variable.numpy().tobytes() for variable in (*early.variables, *early.optimizer.variables)]
    begun.finish()
    assert [variable.numpy().tobytes() for variable in (*early.variables, *early.optimizer.variables)] == before
    found = tiny.fit(early, tmp_path, validation=train, ahead=begun, **asked)
    assert tiny.measured(found) == tiny.measured(expected) and tiny.same_weights(plain, early)
    assert len(traced) == 1


@pytest.mark.parametrize("changes", [{"compiled_whole": False}, {"class_weight": "balanced"}], ids=str)
def test_what_it_was_not_made_for_is_made_anew(
    tiny: ModuleType, tmp_path: Path, traced: list[Any], changes: dict[str, Any]
) -> None:
    from mnistspec.training.ahead import ahead

    asked: dict[str, Any] = {"batch_size": 8, "steps_at_once": 3, "compiled_whole": True, **changes}
    plain, early = tiny.model(), tiny.model()
    expected = tiny.fit(plain, tmp_path, **asked)
    traced.clear()
    found = tiny.fit(early, tmp_path, ahead=ahead(early, blank_like(tiny.examples()), 8), **asked)
    assert tiny.measured(found) == tiny.measured(expected) and tiny.same_weights(plain, early)
    assert len(traced) == 2


def test_another_number_of_examples_only_takes_longer(tiny: ModuleType, tmp_path: Path) -> None:
    from mnistspec.training.ahead import ahead

    asked: dict[str, Any] = {"batch_size": 8, "steps_at_once": 3, "compiled_whole": True}
    plain, early = tiny.model(), tiny.model()
    tiny.fit(plain, tmp_path, **asked)
    tiny.fit(early, tmp_path, ahead=ahead(early, blank_like(tiny.examples(90)), 8), **asked)
    assert tiny.same_weights(plain, early)


def test_what_the_compiler_refuses_is_told_in_the_first_step(tiny: ModuleType, tmp_path: Path) -> None:
    """Here a metric that XLA cannot compile: it makes strings."""
    import tensorflow as tf

    from mnistspec.training.ahead import ahead
    from mnistspec.training.fit import TrainingFailed

    def length(wanted: Any, given: Any) -> Any:
        return tf.cast(tf.strings.length(tf.strings.as_string(given[:, 0])), "float32")

    model = tiny.model()
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=[length])
    begun = ahead(model, blank_like(tiny.examples()), 8)
    begun.finish()
    with pytest.raises(TrainingFailed, match="training stopped"):
        tiny.fit(model, tmp_path, ahead=begun, batch_size=8, steps_at_once=3, compiled_whole=True)


def test_what_cannot_be_traced_is_left_to_the_training(tiny: ModuleType) -> None:
    from mnistspec.training.ahead import ahead

    model = tiny.model()
    model.compile("sgd", "categorical_crossentropy")
    assert ahead(model, blank_like(tiny.examples()), 8) is None


def test_there_is_none_without_a_full_batch_or_a_loop(tiny: ModuleType) -> None:
    from mnistspec.training.ahead import ahead

    assert ahead(tiny.model(), blank_like(tiny.examples(7)), 8) is None
    assert ahead(tiny.model(run_eagerly=True), blank_like(tiny.examples()), 8) is None
