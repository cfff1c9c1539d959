from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from mnistspec.diagnostics import BadData, RunFailed
from mnistspec.training.order import permutation

pytestmark = pytest.mark.keras


@pytest.mark.parametrize("steps_at_once", [1, 3])
def test_the_model_sees_each_epoch_in_an_order_of_its_own(tiny: ModuleType, tmp_path: Path, steps_at_once: int) -> None:
    """After `set_random_seed`, Keras' own shuffling on TensorFlow gives every epoch the same order."""
    import keras

    keras.utils.set_random_seed(7)
    watcher = tiny.Watcher()
    tiny.fit(watcher, tmp_path, epochs=3, steps_at_once=steps_at_once)
    assert watcher.rows == [*permutation(7, 0, 50), *permutation(7, 1, 50), *permutation(7, 2, 50)]


def test_without_shuffling_the_model_sees_the_examples_as_they_lie(tiny: ModuleType, tmp_path: Path) -> None:
    watcher = tiny.Watcher()
    tiny.fit(watcher, tmp_path, epochs=2, shuffle=False, batch_size=20)
    assert watcher.rows == [*range(50)] * 2 and [len(step) for step in watcher.seen] == [20, 20, 10] * 2


@pytest.mark.parametrize("steps_at_once", [2, 5, 64])
def test_several_steps_at_a_time_give_the_same_numbers(tiny: ModuleType, tmp_path: Path, steps_at_once: int) -> None:
    one, several = tiny.model(dropout=0.4), tiny.model(dropout=0.4)
    validation = tiny.examples(23, seed=1)
    common: dict[str, Any] = {"validation": validation, "epochs": 3, "batch_size": 8}
    first = tiny.fit(one, tmp_path, **common)
    second = tiny.fit(several, tmp_path, steps_at_once=steps_at_once, **common)
    assert tiny.measured(first) == tiny.measured(second) and tiny.same_weights(one, several)


@pytest.mark.parametrize("weights", [{"0": 3.0, "2": 0.25}, "balanced"])
@pytest.mark.parametrize("one_hot", [False, True])
def test_class_weights_are_keras_own(tiny: ModuleType, tmp_path: Path, weights: Any, one_hot: bool) -> None:
    train = tiny.examples()
    counts = np.bincount(train.y)
    table = {c: 50 / (3 * counts[c]) for c in range(3)} if weights == "balanced" else {0: 3.0, 2: 0.25}
    loss = "categorical_crossentropy" if one_hot else "sparse_categorical_crossentropy"
    y = np.eye(3, dtype="float32")[train.y] if one_hot else train.y
    ours, theirs = tiny.model(), tiny.model()
    for model in (ours, theirs):
        model.compile("sgd", loss, weighted_metrics=["accuracy"])
    history = tiny.fit(ours, tmp_path, train=tiny.Examples(train.x, y, 50), epochs=1, class_weight=weights)
    rows = permutation(7, 0, 50)
    kept = theirs.fit(train.x[rows], y[rows], batch_size=10, shuffle=False, class_weight=table, verbose=0)
    assert tiny.same_weights(ours, theirs)
    assert history.rows[0]["loss"] == kept.history["loss"][0]
    assert history.rows[0]["accuracy"] == kept.history["accuracy"][0]


def test_class_weights_of_several_outputs_are_refused(tiny: ModuleType, tmp_path: Path) -> None:
    train = tiny.examples()
    several = tiny.Examples(train.x, {"a": train.y, "b": train.y}, train.count)
    with pytest.raises(BadData, match="one output"):
        tiny.fit(tiny.model(), tmp_path, train=several, class_weight="balanced")


def test_validation_is_measured_after_each_epoch_on_all_of_its_examples(tiny: ModuleType, tmp_path: Path) -> None:
    model, validation = tiny.model(), tiny.examples(23, seed=1)
    history = tiny.fit(model, tmp_path, validation=validation, epochs=3, validation_freq=2, steps_at_once=4)
    assert ["val_loss" in row for row in history.rows] == [False, True, False]
    again = tiny.model()
    tiny.fit(again, tmp_path, epochs=2)
    loss, accuracy = again.evaluate(validation.x, validation.y, batch_size=10, verbose=0)
    assert (history.rows[1]["val_loss"], history.rows[1]["val_accuracy"]) == (loss, accuracy)


@pytest.mark.parametrize("steps_at_once", [1, 4])
def test_validation_steps_are_the_first_batches_in_every_epoch(
    tiny: ModuleType, tmp_path: Path, steps_at_once: int
) -> None:
    """Keras goes on where the epoch before left off, and past the steps when several run at a time."""
    validation = tiny.examples(24, seed=1)
    first = tiny.Examples(validation.x[:12], validation.y[:12], 12)
    asked: dict[str, Any] = {"validation_batch_size": 6, "epochs": 3, "steps_at_once": steps_at_once}
    some = tiny.fit(tiny.model(), tmp_path, validation=validation, validation_steps=2, **asked)
    assert tiny.measured(some) == tiny.measured(tiny.fit(tiny.model(), tmp_path, validation=first, **asked))


def test_an_early_stop_goes_back_to_the_best_epoch_and_says_which(tiny: ModuleType, tmp_path: Path) -> None:
    # The loss falls, so that with `max` the first epoch stays the best.
    stop = tiny.callback("EarlyStopping", monitor="loss", mode="max", patience=2, restore_best_weights=True)
    model, once = tiny.model(), tiny.model()
    history = tiny.fit(model, tmp_path, epochs=9, callbacks=(stop,))
    tiny.fit(once, tmp_path, epochs=1)
    assert (len(history.rows), history.kept) == (3, 1)
    assert [weight.numpy().tobytes() for weight in model.weights] == [w.numpy().tobytes() for w in once.weights]


def test_an_early_stop_that_restores_nothing_keeps_the_last_epoch(tiny: ModuleType, tmp_path: Path) -> None:
    stop = tiny.callback("EarlyStopping", monitor="loss", mode="max", patience=1)
    history = tiny.fit(tiny.model(), tmp_path, epochs=9, callbacks=(stop,))
    assert (len(history.rows), history.kept) == (2, 2)


def test_of_two_early_stops_the_last_has_the_last_word(tiny: ModuleType, tmp_path: Path) -> None:
    worst, best = (
        tiny.callback("EarlyStopping", monitor="loss", mode=mode, patience=5, restore_best_weights=True)
        for mode in ("max", "min")
    )
    model, plain = tiny.model(), tiny.model()
    assert tiny.fit(model, tmp_path, epochs=3, callbacks=(worst, best)).kept == 3
    tiny.fit(plain, tmp_path, epochs=3)
    assert tiny.same_weights(model, plain)


@pytest.mark.parametrize("where", ["epoch", "step"])
def test_ctrl_c_keeps_the_model_and_what_was_measured(tiny: ModuleType, tmp_path: Path, where: str) -> None:
    def at_epoch(epoch: int) -> None:
        if where == "epoch" and epoch == 2:
            raise KeyboardInterrupt

    def at_step(epoch: int, step: int) -> None:
        if where == "step" and (epoch, step) == (3, 2):
            raise KeyboardInterrupt

    stop = tiny.callback("EarlyStopping", monitor="loss", mode="max", patience=9, restore_best_weights=True)
    model, plain = tiny.model(), tiny.model()
    listener = tiny.Listening(at_epoch, at_step)
    history = tiny.fit(model, tmp_path, epochs=9, callbacks=(stop,), listener=listener)
    assert history.interrupted and len(history.rows) == 2
    assert history.kept == 2, "nothing was restored, so that the last epoch is the one kept"
    assert tiny.measured(history) == tiny.measured(tiny.fit(plain, tmp_path, epochs=2))
    assert int(model.optimizer.iterations) == (10 if where == "epoch" else 12)


def test_epochs_of_a_set_number_of_steps_go_on_through_the_data(tiny: ModuleType, tmp_path: Path) -> None:
    watcher = tiny.Watcher()
    history = tiny.fit(watcher, tmp_path, epochs=4, steps_per_epoch=3)
    assert len(history.rows) == 4 and len(watcher.seen) == 12
    assert watcher.rows == [*permutation(7, 0, 50), *permutation(7, 1, 50), *permutation(7, 2, 50)[:20]]


def test_epochs_longer_than_the_data_begin_another_pass(tiny: ModuleType, tmp_path: Path) -> None:
    watcher = tiny.Watcher()
    tiny.fit(watcher, tmp_path, epochs=1, steps_per_epoch=8, steps_at_once=4)
    assert watcher.rows == [*permutation(7, 0, 50), *permutation(7, 1, 50)[:30]]


def test_a_callback_that_fails_ends_the_run_with_one_sentence_and_the_history(tiny: ModuleType, tmp_path: Path) -> None:
    broken = tiny.callback("ModelCheckpoint", filepath="{no_such_metric}.keras")
    with pytest.raises(RunFailed) as caught:
        tiny.fit(tiny.model(), tmp_path, callbacks=(broken,))
    assert str(caught.value).startswith("training stopped: ") and "\n" not in str(caught.value)
    assert len(caught.value.history.rows) == 1


def test_a_failure_inside_the_graph_is_told_by_its_reason(tiny: ModuleType, tmp_path: Path) -> None:
    train = tiny.examples()
    # Which of the operations that take the label fails first is up to TensorFlow's threads.
    with pytest.raises(RunFailed, match=r"training stopped: .*(label value of 9 .* valid range|is out of range)"):
        tiny.fit(tiny.model(), tmp_path, train=tiny.Examples(train.x, train.y * 0 + 9, 50))


def test_the_history_has_the_learning_rate_of_each_epoch(tiny: ModuleType, tmp_path: Path) -> None:
    fall = tiny.callback("ReduceLROnPlateau", monitor="loss", mode="max", patience=1, factor=0.5)
    history = tiny.fit(tiny.model(), tmp_path, epochs=3, callbacks=(fall,))
    assert [round(row["learning_rate"], 6) for row in history.rows] == [0.01, 0.01, 0.005]
    assert [row["epoch"] for row in history.rows] == [1, 2, 3]
    assert all(row["seconds"] > 0 for row in history.rows)


def test_the_listener_hears_of_every_step_up_to_the_last(tiny: ModuleType, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    listener = tiny.Listening(step_ends=lambda epoch, step: heard.append((epoch, step)))
    tiny.fit(tiny.model(), tmp_path, steps_at_once=3, listener=listener)
    assert heard == [(1, 3), (1, 5), (2, 3), (2, 5)]


def test_a_model_predicts_one_step_at_a_time_after_the_fit(tiny: ModuleType, tmp_path: Path) -> None:
    model = tiny.model()
    tiny.fit(model, tmp_path, steps_at_once=5)
    assert model.steps_per_execution == 1


class TestInputs:
    def split(self, **x: np.ndarray) -> Any:
        from mnistspec.datasets.loaded import Split

        return Split(x, {}, x, np.arange(2))

    def test_the_only_array_feeds_the_only_input_whatever_its_name(self, tiny: ModuleType) -> None:
        from mnistspec.training.examples import inputs_of

        array = np.zeros((2, 3))
        assert inputs_of(self.split(x=array), ("pixels",)) is array

    def test_several_arrays_go_by_name_and_only_those_the_model_takes(self, tiny: ModuleType) -> None:
        from mnistspec.training.examples import inputs_of

        a, b = np.zeros((2, 3)), np.ones((2, 3))
        assert inputs_of(self.split(a=a, b=b), ("b", "a")) == {"b": b, "a": a}
        assert inputs_of(self.split(a=a, b=b), ("b",)) is b

    def test_an_input_without_an_array_is_told(self, tiny: ModuleType) -> None:
        from mnistspec.training.examples import inputs_of

        with pytest.raises(BadData, match=r"`c`.*`a`, `b`"):
            inputs_of(self.split(a=np.zeros(2), b=np.zeros(2)), ("a", "c"))
