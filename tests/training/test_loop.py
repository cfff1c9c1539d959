from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from mnistspec.training.order import EpochOrder

pytestmark = pytest.mark.keras

_STEPS_OF_8 = 7  # 50 examples, the last batch of two


@pytest.fixture
def by_keras(monkeypatch: pytest.MonkeyPatch) -> Any:
    """From its call on, fits go Keras' own way: one batch after the other out of `tf.data`."""
    return lambda: monkeypatch.setattr("mnistspec.training.fit.can_loop", lambda model: False)


@pytest.mark.parametrize(
    "changes", [{}, {"class_weight": "balanced"}, {"steps_per_epoch": 9}, {"shuffle": False}], ids=str
)
def test_the_numbers_are_those_of_keras_own_loop(
    tiny: ModuleType, tmp_path: Path, by_keras: Any, changes: dict[str, Any]
) -> None:
    ours, theirs = tiny.model(dropout=0.4), tiny.model(dropout=0.4)
    asked: dict[str, Any] = {"validation": tiny.examples(23, seed=1), "epochs": 3, "batch_size": 8, **changes}
    first = tiny.fit(ours, tmp_path, steps_at_once=3, **asked)
    by_keras()
    second = tiny.fit(theirs, tmp_path, **asked)
    assert tiny.measured(first) == tiny.measured(second) and tiny.same_weights(ours, theirs)


def several(tiny: ModuleType) -> tuple[Any, Any]:
    """A model of two inputs and two outputs, and its examples."""
    import keras

    keras.utils.set_random_seed(5)
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    joined = keras.layers.Concatenate()([left, right])
    outputs = {"a": keras.layers.Dense(3, activation="softmax", name="a")(joined), "b": keras.layers.Dense(1)(joined)}
    model = keras.Model({"left": left, "right": right}, outputs)
    model.compile("adam", {"a": "sparse_categorical_crossentropy", "b": "mse"}, metrics={"a": ["accuracy"]})
    one, other = tiny.examples(), tiny.examples(seed=2)
    examples = tiny.Examples({"left": one.x, "right": other.x}, {"a": one.y, "b": other.x[:, 1]}, one.count)
    return model, examples


def test_several_inputs_and_outputs_are_gathered_together(tiny: ModuleType, tmp_path: Path, by_keras: Any) -> None:
    (ours, train), (theirs, _) = several(tiny), several(tiny)
    first = tiny.fit(ours, tmp_path, train=train, validation=train, steps_at_once=4)
    by_keras()
    second = tiny.fit(theirs, tmp_path, train=train, validation=train)
    assert tiny.same_weights(ours, theirs)
    for mine, keras_own in zip(tiny.measured(first), tiny.measured(second), strict=True):
        assert mine == pytest.approx(keras_own)


def test_a_smaller_last_batch_counts_as_such_in_the_loss_of_each_output(tiny: ModuleType, tmp_path: Path) -> None:
    """Keras counts it as a full one in these, so that they would not add up to the loss."""
    model, train = several(tiny)
    [row] = tiny.fit(model, tmp_path, train=train, validation=train, batch_size=8, epochs=1).rows
    assert row["a_loss"] + row["b_loss"] == pytest.approx(row["loss"])
    assert row["val_a_loss"] + row["val_b_loss"] == pytest.approx(row["val_loss"])


def test_compiled_as_a_whole_the_numbers_differ_by_rounding_and_not_by_the_steps_at_once(
    tiny: ModuleType, tmp_path: Path
) -> None:
    plain, one, many = tiny.model(), tiny.model(), tiny.model()
    expected = tiny.fit(plain, tmp_path, batch_size=8)
    first = tiny.fit(one, tmp_path, batch_size=8, compiled_whole=True)
    second = tiny.fit(many, tmp_path, batch_size=8, compiled_whole=True, steps_at_once=5)
    assert tiny.measured(first) == tiny.measured(second) and tiny.same_weights(one, many)
    for mine, theirs in zip(one.weights, plain.weights, strict=True):
        np.testing.assert_allclose(mine.numpy(), theirs.numpy(), rtol=1e-4, atol=1e-5)
    assert first.rows[-1]["loss"] == pytest.approx(expected.rows[-1]["loss"], rel=1e-4)


def test_a_model_that_is_to_be_compiled_step_by_step_is(tiny: ModuleType, tmp_path: Path) -> None:
    model = tiny.model(jit_compile=True)
    history = tiny.fit(model, tmp_path, batch_size=8, validation=tiny.examples(9), steps_at_once=4)
    plain = tiny.fit(tiny.model(), tmp_path, batch_size=8, validation=tiny.examples(9))
    assert model.jit_compile is True
    assert history.rows[-1]["val_loss"] == pytest.approx(plain.rows[-1]["val_loss"], rel=1e-4)


def loop_over(tiny: ModuleType, order: EpochOrder, **changes: Any) -> Any:
    """A loop over the tiny examples in batches of 8, of a model that is compiled."""
    from mnistspec.training.feeding import Feed
    from mnistspec.training.loop import Pace, StepGraphs, StepLoop

    examples, model = tiny.examples(), tiny.model()
    feed = Feed((examples.x, examples.y))
    model.test_on_batch(examples.x[:1], examples.y[:1])  # the metrics' variables
    model.optimizer.build(model.trainable_variables)
    graphs = StepGraphs(model, feed.form, compiled_whole=False)
    return StepLoop(graphs, feed, order, Pace(8, **{"at_once": 3, **changes}))


def test_a_go_ends_with_the_epoch(tiny: ModuleType) -> None:
    order = EpochOrder(7, 50, shuffle=True)
    loop = loop_over(tiny, order)
    reached = []
    for epoch in range(2):
        order.epoch = epoch
        for _ in range(3):
            loop(None)
            reached.append(loop.done)
    assert reached == [3, 6, 7, 10, 13, 14]


def test_a_training_is_taken_up_at_any_step_of_any_epoch(tiny: ModuleType) -> None:
    """What is left of epoch 1 from its step 4 on gives the same weights, whatever the goes were before."""
    order = EpochOrder(7, 50, shuffle=True)
    whole, later = loop_over(tiny, order, at_once=4), loop_over(tiny, order)
    order.epoch = 1
    whole(None)
    for mine, theirs in zip(later.graphs.model.variables, whole.graphs.model.variables, strict=True):
        mine.assign(theirs)
    for mine, theirs in zip(
        later.graphs.model.optimizer.variables, whole.graphs.model.optimizer.variables, strict=True
    ):
        mine.assign(theirs)
    later.done = whole.done
    assert later.done == _STEPS_OF_8 + 4
    whole(None)
    later(None)
    assert later.done == whole.done == 2 * _STEPS_OF_8 and tiny.same_weights(later.graphs.model, whole.graphs.model)


def test_other_backends_and_eager_models_are_left_to_keras(tiny: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    from mnistspec.training import loop

    assert loop.can_loop(tiny.model())
    assert not loop.can_loop(tiny.model(run_eagerly=True))
    monkeypatch.setattr("mnistspec.training.loop.keras.backend.backend", lambda: "jax")
    assert not loop.can_loop(tiny.model()) and not loop.accelerated()


@pytest.mark.parametrize("compiled", [False, True], ids=["plain", "compiled whole"])
@pytest.mark.parametrize("changes", [{}, {"steps_per_epoch": 9, "validation_steps": 2}, {"shuffle": False}], ids=str)
def test_examples_still_to_be_prepared_train_to_the_same_bits(
    tiny: ModuleType, tmp_path: Path, compiled: bool, changes: dict[str, Any]
) -> None:
    models = [tiny.model() for _ in range(2)]
    asked: dict[str, Any] = {"batch_size": 8, "steps_at_once": 3, "compiled_whole": compiled, **changes}
    histories = [
        tiny.fit(model, tmp_path, train=given, validation=given, **asked)
        for model, given in zip(models, tiny.both_ways(), strict=True)
    ]
    assert tiny.measured(histories[0]) == tiny.measured(histories[1]) and tiny.same_weights(*models)


@pytest.mark.parametrize("changes", [{}, {"class_weight": "balanced"}], ids=str)
def test_without_the_loop_they_are_prepared_first(
    tiny: ModuleType, tmp_path: Path, by_keras: Any, changes: dict[str, Any]
) -> None:
    by_keras()
    models = [tiny.model() for _ in range(2)]
    for model, given in zip(models, tiny.both_ways(), strict=True):
        tiny.fit(model, tmp_path, train=given, validation=given, **changes)
    assert tiny.same_weights(*models)


def test_inputs_that_are_the_targets_too_lie_in_memory_once(tiny: ModuleType) -> None:
    from mnistspec.training.feeding import Feed

    _, later = tiny.both_ways()
    feed = Feed((later.x, later.x))
    (one, other), _ = feed.given
    assert one is other and one.dtype == "uint8"


def test_the_loop_is_traced_once(tiny: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mnistspec.training.loop import StepGraphs

    traced: list[Any] = []
    several = StepGraphs._several
    monkeypatch.setattr(StepGraphs, "_several", lambda *given: (traced.append(given), several(*given))[1])
    tiny.fit(tiny.model(), tmp_path, steps_at_once=2)
    assert len(traced) == 1


@pytest.fixture
def orderly() -> None:
    """As under `deterministic: true`; `conftest.py` takes it back."""
    import tensorflow as tf

    tf.config.experimental.enable_op_determinism()


def normalizing() -> Any:
    """A model whose numbers hang on how the graph is put together: two outputs, normalizations, attention."""
    import keras

    keras.utils.set_random_seed(5)
    given = keras.Input((4,))
    layers = keras.layers
    one = layers.ReLU()(layers.BatchNormalization()(layers.Dense(64)(given)))
    rows = layers.LayerNormalization()(layers.Reshape((6, 8))(layers.Dense(48, kernel_regularizer="l2")(one)))
    other = layers.Flatten()(layers.MultiHeadAttention(2, 4)(rows, rows))
    outputs = {"a": layers.Dense(3, activation="softmax", name="a")(one), "b": layers.Dense(1, name="b")(other)}
    model = keras.Model(given, outputs)
    model.compile("adam", {"a": "sparse_categorical_crossentropy", "b": "mse"}, metrics={"a": ["accuracy"]})
    return model


@pytest.mark.usefixtures("orderly")
@pytest.mark.parametrize("steps_at_once", [1, 4])
def test_where_bits_count_they_are_those_of_keras_own_loop(
    tiny: ModuleType, tmp_path: Path, by_keras: Any, steps_at_once: int
) -> None:
    """In the weights and in the whole history; the last batch is a smaller one."""
    ours, theirs, one = normalizing(), normalizing(), tiny.examples(235)
    train = tiny.Examples(one.x, {"a": one.y, "b": one.x[:, 1]}, one.count)
    asked: dict[str, Any] = {"train": train, "validation": train, "batch_size": 50, "at_once_in_validation": 50}
    first = tiny.fit(ours, tmp_path, steps_at_once=steps_at_once, **asked)
    by_keras()
    second = tiny.fit(theirs, tmp_path, **asked)
    assert tiny.measured(first) == tiny.measured(second) and tiny.same_weights(ours, theirs)
