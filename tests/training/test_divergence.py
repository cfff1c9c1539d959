from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from mnistspec.diagnostics import RunFailed

pytestmark = pytest.mark.keras


def broken(tiny: ModuleType) -> tuple[Any, Any]:
    """A model, and data of which the first example has a label that is no number."""
    model, train = tiny.model(), tiny.examples()
    model.compile("sgd", "mse")
    labels = np.eye(3, dtype="float32")[train.y]
    labels[0] = np.nan
    return model, tiny.Examples(train.x, labels, train.count)


def step_of(example: int, count: int) -> int:
    """The step of the first epoch in which an example is shown, ten at a time (from 1)."""
    from mnistspec.training.order import permutation

    return int(np.flatnonzero(permutation(7, 0, count) == example)[0]) // 10 + 1


@pytest.mark.parametrize("at_once", [1, 2, 5])
@pytest.mark.parametrize("how", [{}, {"compiled_whole": True}, {"steps_per_epoch": 7}])
def test_a_loss_that_is_no_number_stops_the_training_and_says_at_which_step(
    tiny: ModuleType, tmp_path: Path, at_once: int, how: dict[str, Any]
) -> None:
    model, train = broken(tiny)
    where = f"at step {step_of(0, 50)}"
    with pytest.raises(RunFailed, match=rf"^the loss became NaN in epoch 1, {where}; .*clipnorm") as caught:
        tiny.fit(model, tmp_path, train=train, steps_at_once=at_once, **how)
    assert caught.value.exit_code == 3 and caught.value.history.rows == ()


@pytest.mark.parametrize("last", [True, False])
def test_the_step_of_a_smaller_last_batch_is_told_too(tiny: ModuleType, tmp_path: Path, last: bool) -> None:
    from mnistspec.training.order import permutation

    model, train = tiny.model(), tiny.examples(47)
    model.compile("sgd", "mse")
    labels = np.eye(3, dtype="float32")[train.y]
    labels[permutation(7, 0, 47)[-1 if last else 31]] = np.nan
    with pytest.raises(RunFailed, match=f"at step {5 if last else 4};"):
        tiny.fit(model, tmp_path, train=tiny.Examples(train.x, labels, 47), steps_at_once=5)


def test_where_the_loop_is_keras_own_the_steps_of_a_go_are_told() -> None:
    from mnistspec.training.divergence import Diverged, DivergenceGuard

    guard = DivergenceGuard(9)
    guard.on_train_batch_begin(4)
    with pytest.raises(Diverged, match=r"between steps 5 and 9$"):
        guard.on_train_batch_end(11, {"loss": float("nan")})


def test_the_last_good_state_is_named(tiny: ModuleType, tmp_path: Path) -> None:
    model, train = broken(tiny)
    step = step_of(0, 50)
    assert step > 1
    with pytest.raises(
        RunFailed, match=rf"at step {step}; the last good state is .*\.npz, of epoch 1, step {step - 1}"
    ):
        tiny.fit(model, tmp_path, train=train, checkpoint=1)


def test_infinity_is_told_apart(tiny: ModuleType, tmp_path: Path) -> None:
    train = tiny.examples()
    far = tiny.Examples(train.x, np.full((50, 3), 1e30, "float32"), 50)
    model = tiny.model()
    model.compile("sgd", "mse")
    with pytest.raises(RunFailed, match="the loss became infinite in epoch 1, at step 1"):
        tiny.fit(model, tmp_path, train=far)


def test_who_asks_to_be_ended_by_keras_is(tiny: ModuleType, tmp_path: Path) -> None:
    model, train = broken(tiny)
    history = tiny.fit(model, tmp_path, train=train, callbacks=(tiny.callback("TerminateOnNaN"),), epochs=4)
    assert len(history.rows) == 1 and np.isnan(history.rows[0]["loss"])


def test_what_the_very_last_step_has_done_is_told_too(tiny: ModuleType, tmp_path: Path) -> None:
    import keras

    model = tiny.model()
    model.compile(keras.optimizers.SGD(float("inf")), "sparse_categorical_crossentropy")
    with pytest.raises(
        RunFailed, match=r"^the weights became NaN or infinite in epoch 1, at step 1; .*clipnorm"
    ) as caught:
        tiny.fit(model, tmp_path, batch_size=50, epochs=1, checkpoint="epoch")
    assert len(caught.value.history.rows) == 1 and "no state had been saved yet" in str(caught.value)


def test_weights_that_a_callback_puts_back_are_good(tiny: ModuleType, tmp_path: Path) -> None:
    import keras

    def spoil(epoch: int) -> None:
        if epoch == 3:
            model.optimizer.learning_rate.assign(float("inf"))

    model, best = tiny.model(), tiny.callback("EarlyStopping", monitor="loss", patience=9, restore_best_weights=True)
    model.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
    listener = tiny.Listening(epoch_ends=spoil)
    tiny.fit(model, tmp_path, batch_size=50, epochs=4, callbacks=(best,), listener=listener)
    assert all(np.isfinite(weight).all() for weight in model.get_weights())
