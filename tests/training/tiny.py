"""Models and data small enough to be trained in a blink; importing this brings in Keras."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from itertools import chain
from pathlib import Path
from typing import Any

import keras
import numpy as np

from mnistspec.calls import Call, Value
from mnistspec.catalogue import load
from mnistspec.datasets.fitted import FittedStep
from mnistspec.datasets.stored import Stored
from mnistspec.exporters.keras_model import construct
from mnistspec.source import Source, Span
from mnistspec.spec import FitSpec
from mnistspec.training.examples import Examples
from mnistspec.training.fit import History, fit_model
from mnistspec.training.progress import Silent
from mnistspec.training.resumable import Resumption

NOWHERE = Span(Source(""), 0, 0)
COUNT, WIDTH, CLASSES = 50, 4, 3
_FIT = FitSpec(
    epochs=2, batch_size=10, shuffle=True, class_weight=None, callbacks=(), steps_per_epoch=None, validation_steps=None,
    validation_batch_size=None, validation_freq=1, checkpoint=None, span=NOWHERE,
)  # fmt: skip


def settings(**changes: Any) -> FitSpec:
    """`fit:` with five steps of ten an epoch, two epochs, no checkpoint, and what is to be otherwise."""
    assert changes.keys() <= {field.name for field in fields(FitSpec)}
    return replace(_FIT, **changes)


def callback(name: str, /, **arguments: Value) -> Call:
    """`EarlyStopping: {patience: 1}` is `callback("EarlyStopping", patience=1)`."""
    return Call(load()["callbacks"].classes[name], arguments, NOWHERE)


def build(name: str, /, **arguments: Value) -> Any:
    """The same as Keras' own object."""
    return construct(callback(name, **arguments))


def examples(count: int = COUNT, seed: int = 0) -> Examples:
    """Noise to learn by heart; the first column is the row's number."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(count, WIDTH)).astype("float32")
    x[:, 0] = np.arange(count)
    return Examples(x, random.integers(0, CLASSES, count), count)


def both_ways(count: int = COUNT) -> tuple[Examples, Examples]:
    """Bytes to learn by heart, prepared beforehand and still to be prepared."""
    random = np.random.default_rng(1)
    raw = random.integers(0, 256, (count, 2, WIDTH // 2)).astype("uint8")
    steps = (FittedStep("rescale", {"divisor": 255}), FittedStep("reshape", {"shape": (WIDTH,)}))
    held, labels = Stored(raw, steps), random.integers(0, CLASSES, count)
    return Examples(held.whole(), labels, count), Examples(held, labels, count)


def model(*, dropout: float = 0.0, **compiled: Any) -> keras.Model:
    """A small classifier, the same weights at every call; dropout and batch normalization where asked for."""
    keras.utils.set_random_seed(3)
    layers = [keras.layers.Dense(6, activation="relu")]
    if dropout:
        layers += [keras.layers.Dropout(dropout), keras.layers.BatchNormalization()]
    made = keras.Sequential([keras.Input((WIDTH,)), *layers, keras.layers.Dense(CLASSES, activation="softmax")])
    made.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"], **compiled)
    return made


class Watcher(keras.Model):
    """A model that learns nothing and notes which rows it is shown, a list a step."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[list[int]] = []
        self.compile("sgd", "mse", run_eagerly=True)

    def train_step(self, data: Any) -> dict[str, float]:
        x = data[0]
        self.seen.append(np.asarray(x)[:, 0].astype(int).tolist())
        return {"loss": 0.0}

    @property
    def rows(self) -> list[int]:
        """All rows in the order in which they were shown."""
        return list(chain.from_iterable(self.seen))


class Listening(Silent):
    """Does something when an epoch, or a step of one, ends; epochs and steps count from 1."""

    def __init__(
        self, epoch_ends: Callable[[int], object] | None = None, step_ends: Callable[[int, int], object] | None = None
    ) -> None:
        self.on_epoch, self.on_step, self.epoch = epoch_ends, step_ends, 0

    def epoch_begins(self, epoch: int, epochs: int, steps: int) -> None:
        self.epoch = epoch + 1

    def step_ends(self, step: int, logs: Mapping[str, float]) -> None:
        if self.on_step is not None:
            self.on_step(self.epoch, step)

    def epoch_ends(self, epoch: int, seconds: float, logs: Mapping[str, float]) -> None:
        if self.on_epoch is not None:
            self.on_epoch(epoch + 1)


def fit(
    model: keras.Model,
    folder: Path,
    *,
    train: Examples | None = None,
    validation: Examples | None = None,
    steps_at_once: int = 1,
    compiled_whole: bool = False,
    at_once_in_validation: int | None = None,
    listener: Any = None,
    resumption: Resumption | None = None,
    ahead: Any = None,
    **changes: Any,
) -> History:
    """`fit_model` on the tiny data with `settings(**changes)`."""
    return fit_model(
        model, settings(**changes), train or examples(), validation,
        seed=7, steps_at_once=steps_at_once, compiled_whole=compiled_whole,
        validation_batch_size=at_once_in_validation, folder=folder, listener=listener or Silent(),
        resumption=resumption, ahead=ahead,
    )  # fmt: skip


def measured(history: History) -> list[dict[str, float]]:
    """The history without what differs from run to run."""
    return [{name: value for name, value in row.items() if name != "seconds"} for row in history.rows]


def same_weights(first: keras.Model, second: keras.Model) -> bool:
    """Whether all weights and the optimizer's variables are equal bit for bit."""
    mine, theirs = (_variables(one) for one in (first, second))
    return len(mine) == len(theirs) and all(
        a.tobytes() == b.tobytes() and a.shape == b.shape for a, b in zip(mine, theirs, strict=True)
    )


def _variables(model: keras.Model) -> list[Any]:
    variables = [*model.weights, *model.optimizer.variables]
    return [keras.ops.convert_to_numpy(variable) for variable in variables]
