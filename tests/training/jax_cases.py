"""The loop of steps on JAX: `test_jax_loop.py` has these collected in a process whose Keras runs on it."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import keras
import numpy as np
import pytest

from mnistspec.datasets.stored import Stored
from mnistspec.datasets.waiting import SINGLE
from mnistspec.diagnostics import RunFailed
from mnistspec.training.feeding import Feed
from mnistspec.training.jax_loop import JaxLoop, can_loop_on_jax
from mnistspec.training.order import EpochOrder

from .test_in_graph import CHAINS, STEPS, every_value
from .test_resumable import resumed

_CHANGES: list[dict[str, Any]] = [{}, {"class_weight": "balanced"}, {"steps_per_epoch": 9}, {"shuffle": False}]


def test_keras_runs_on_jax(tiny: ModuleType) -> None:
    assert keras.backend.backend() == "jax" and can_loop_on_jax(tiny.model())
    assert not can_loop_on_jax(tiny.model(run_eagerly=True))


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "rmsprop", "lion", "ftrl", "adafactor", "muon", "averaged"])
@pytest.mark.parametrize("changes", _CHANGES, ids=str)
def test_the_numbers_are_those_of_keras_own_loop_but_for_rounding(
    tiny: ModuleType, tmp_path: Path, changes: dict[str, Any], optimizer: str
) -> None:
    averaged = keras.optimizers.Adam(use_ema=True, gradient_accumulation_steps=2)
    ours, theirs = tiny.model(dropout=0.4), tiny.model(dropout=0.4)
    for model in (ours, theirs):
        chosen = averaged.from_config(averaged.get_config()) if optimizer == "averaged" else optimizer
        model.compile(chosen, "sparse_categorical_crossentropy", metrics=["accuracy"])
    asked: dict[str, Any] = {"validation": tiny.examples(23, seed=1), "epochs": 3, "batch_size": 8, **changes}
    first = tiny.fit(ours, tmp_path, steps_at_once=3, compiled_whole=True, **asked)
    second = tiny.fit(theirs, tmp_path, **asked)
    for mine, keras_own in zip(tiny.measured(first), tiny.measured(second), strict=True):
        assert mine == pytest.approx(keras_own, rel=1e-4)
    for one, other in zip(ours.weights, theirs.weights, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("changes", _CHANGES, ids=str)
def test_the_steps_at_once_change_no_bit(tiny: ModuleType, tmp_path: Path, changes: dict[str, Any]) -> None:
    models = [tiny.model(dropout=0.4) for _ in range(3)]
    histories = [
        tiny.fit(model, tmp_path, batch_size=8, compiled_whole=True, steps_at_once=steps, **changes)
        for model, steps in zip(models, (1, 3, 9), strict=True)
    ]
    assert tiny.measured(histories[0]) == tiny.measured(histories[1]) == tiny.measured(histories[2])
    assert tiny.same_weights(models[0], models[1]) and tiny.same_weights(models[0], models[2])


def test_examples_still_to_be_prepared_train_to_the_same_bits(tiny: ModuleType, tmp_path: Path) -> None:
    models = [tiny.model() for _ in range(2)]
    histories = [
        tiny.fit(model, tmp_path, train=given, validation=given, batch_size=8, compiled_whole=True, steps_at_once=3)
        for model, given in zip(models, tiny.both_ways(), strict=True)
    ]
    assert tiny.measured(histories[0]) == tiny.measured(histories[1]) and tiny.same_weights(*models)


@pytest.mark.parametrize(
    ("at", "fit"),
    [
        ((3, 4), {"checkpoint": 1}),
        ((2, 4), {"checkpoint": 2, "steps_at_once": 2}),
        ((2, 5), {"checkpoint": 3, "steps_at_once": 3}),
        ((3, 3), {"checkpoint": 1, "steps_per_epoch": 4}),
        ((2, 7), {"checkpoint": 3, "steps_per_epoch": 7, "validation_freq": 2}),
    ],
    ids=["mid-epoch", "goes", "epoch's end", "stream", "long stream"],
)
def test_a_training_that_is_taken_up_ends_with_the_same_bits(
    tiny: ModuleType, tmp_path: Path, at: tuple[int, int], fit: dict[str, Any]
) -> None:
    fit = {"validation": tiny.examples(23, seed=1), "epochs": 4, "compiled_whole": True, **fit}
    (apart := tmp_path / "apart").mkdir()
    whole = tiny.model(dropout=0.4)
    history = tiny.fit(whole, apart, **fit)
    model, again = resumed(tiny, tmp_path, at, **fit)
    assert tiny.measured(again) == tiny.measured(history) and tiny.same_weights(model, whole)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "uint16", "int16"])
def test_what_is_prepared_in_the_loop_is_bit_for_bit_what_numpy_prepares(dtype: str) -> None:
    """That in double precision is prepared beforehand."""
    import jax

    values = every_value(dtype)
    held = {str(number): Stored(values, tuple(STEPS[name] for name in names)) for number, names in enumerate(CHAINS)}
    feed = Feed(held)
    waiting = [names for names in CHAINS if all(STEPS[name].name in SINGLE for name in names)]
    assert sum(bool(own) for own in feed.form.operations) == len(waiting) > 3

    @jax.jit  # type: ignore[untyped-decorator]
    def looped(given: Any, rows: Any) -> Any:
        return jax.lax.fori_loop(0, 2, lambda _, found: feed.form.gathered(given, rows), feed.first(len(values)))

    rows = np.random.default_rng(0).permutation(len(values))
    for name, found in looped(feed.given, rows).items():
        assert np.asarray(found).tobytes() == held[name].whole()[rows].tobytes()


def test_a_go_ends_with_the_epoch_and_keeps_no_state(tiny: ModuleType) -> None:
    from mnistspec.training.loop import Pace

    examples, model = tiny.examples(), tiny.model()
    order = EpochOrder(7, 50, shuffle=True)
    loop = JaxLoop(model, (examples.x, examples.y), order, Pace(8, at_once=3, compiled_whole=True))
    model._symbolic_build(data_batch=loop.first())
    state: Any = tuple(
        [variable.value for variable in part]
        for part in (
            model.trainable_variables, model.non_trainable_variables, model.optimizer.variables,
            model.metrics_variables,
        )
    )  # fmt: skip
    reached = []
    for epoch in range(2):
        order.epoch = epoch
        for _ in range(3):
            logs, state = loop(state, None)
            reached.append(loop.done)
    assert reached == [3, 6, 7, 10, 13, 14] and set(logs) == {"loss", "accuracy"}
    assert loop.graphs.state is None


@pytest.mark.parametrize("steps_at_once", [1, 4])
def test_the_step_that_loses_the_loss_is_told(tiny: ModuleType, tmp_path: Path, steps_at_once: int) -> None:
    train = tiny.examples()
    train.x[int(EpochOrder(7, 50, shuffle=True).of(0)[25])] = np.nan
    with pytest.raises(RunFailed, match="the loss became NaN in epoch 1, at step 3;"):
        tiny.fit(tiny.model(), tmp_path, train=train, compiled_whole=True, steps_at_once=steps_at_once)
