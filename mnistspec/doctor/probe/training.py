"""A real training step of a small Dense model on one device: are the new weights right, and how fast does it train."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import Any

import keras
import numpy as np

SEED = 7
BATCH, INPUTS, HIDDEN, CLASSES = 100, 784, 128, 10
LEARNING_RATE = 0.1
WARM_UP_STEPS = 3
LONG_ENOUGH_SECONDS = 0.5
# The first step's change of each weight, relative to the largest change. float32 gives about 1e-6; a GPU trains, as
# users have it, in TensorFloat-32, which keeps ten bits. A device that fails gives zeros, garbage or nothing finite.
TOLERANCE = 2e-2


def measure_training(device: str | None) -> dict[str, Any]:
    """Examples per second of `train_on_batch` on a device, and the error of the first step against NumPy.

    None is the device that Keras' backend takes by itself.
    """
    random = np.random.default_rng(SEED)
    x = random.random((BATCH, INPUTS), dtype=np.float32)
    y = random.integers(0, CLASSES, BATCH)
    with keras.device(device) if device is not None else nullcontext():
        model = _model()
        before = [weight.astype(np.float64) for weight in model.get_weights()]
        model.train_on_batch(x, y)
        error = _error(before, model.get_weights(), expected_step(before, x.astype(np.float64), y))
        seconds = _seconds(model, x, y)
    return {
        "examples_per_second": round(BATCH / seconds),
        "step_seconds": round(seconds, 6),
        "error": error,
        "right": error <= TOLERANCE,
    }


def expected_step(weights: list[Any], x: Any, y: Any) -> list[Any]:
    """The weights after one step of plain gradient descent, worked out by hand in NumPy.

    `weights` are kernel (inputs, hidden), bias, kernel (hidden, classes), bias; `x` is (batch, inputs), `y` (batch,).
    """
    kernel, bias, top, top_bias = weights
    raw = x @ kernel + bias
    hidden = np.maximum(raw, 0)
    logits = hidden @ top + top_bias
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    slope = exponentials / exponentials.sum(axis=1, keepdims=True)
    slope[np.arange(len(y)), y] -= 1
    slope /= len(y)
    back = (slope @ top.T) * (raw > 0)
    gradients = [x.T @ back, back.sum(axis=0), hidden.T @ slope, slope.sum(axis=0)]
    return [weight - LEARNING_RATE * gradient for weight, gradient in zip(weights, gradients, strict=True)]


def _model() -> Any:
    keras.utils.set_random_seed(SEED)
    model = keras.Sequential(
        [keras.Input((INPUTS,)), keras.layers.Dense(HIDDEN, activation="relu"), keras.layers.Dense(CLASSES)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(LEARNING_RATE), loss=loss)
    return model


def _error(before: list[Any], after: list[Any], expected: list[Any]) -> float:
    """The largest deviation of a weight's change, relative to the largest change of its array; 1 if not finite."""
    errors = np.array(
        [
            np.max(np.abs(new - right)) / np.max(np.abs(right - old))
            for old, new, right in zip(before, after, expected, strict=True)
        ]
    )
    return float(errors.max()) if np.isfinite(errors).all() else 1.0


def _seconds(model: Any, x: Any, y: Any) -> float:
    """The time of one step, after the compiling and first steps."""
    for _ in range(WARM_UP_STEPS):
        model.train_on_batch(x, y)
    steps, start = 0, time.perf_counter()
    while time.perf_counter() - start < LONG_ENOUGH_SECONDS:
        model.train_on_batch(x, y)
        steps += 1
    return (time.perf_counter() - start) / steps
