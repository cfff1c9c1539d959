"""The workloads of `training.py` as plain Keras scripts: what a good user writes by hand.

Prints the seconds of the fit; the process as a whole also evaluates, predicts, saves and loads back.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

Arrays = tuple[Any, Any, Any, Any]


def dense(*units: int) -> Callable[[], list[Any]]:
    """Layers of so many units over the flat picture."""
    return lambda: [keras.Input((784,)), *[layers.Dense(count, activation="relu") for count in units]]


def convolutions() -> list[Any]:
    return [
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
    ]


def rows() -> list[Any]:
    return [keras.Input((28, 28)), layers.LSTM(64)]


# Workload -> its layers but the last, and its epochs.
WORKLOADS: dict[str, tuple[Callable[[], list[Any]], int]] = {
    "mlp-100": (dense(100), 10),
    "mlp-512-512": (dense(512, 512), 5),
    "cnn": (convolutions, 1),
    "lstm": (rows, 2),
}


def main(name: str, data: str) -> None:
    """Trains, evaluates, predicts, saves and loads back."""
    made, epochs = WORKLOADS[name]
    keras.utils.set_random_seed(7)
    model = keras.Sequential([*made(), layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x_train, y_train, x_test, y_test = read(data, model.input_shape[1:])
    held_out = len(x_train) // 10
    started = time.perf_counter()
    model.fit(
        x_train[:-held_out],
        y_train[:-held_out],
        epochs=epochs,
        batch_size=100,
        validation_data=(x_train[-held_out:], y_train[-held_out:]),
        verbose=2,
    )
    print(f"fit {time.perf_counter() - started}")
    model.evaluate(x_test, y_test, verbose=0)
    predicted = model.predict(x_test, verbose=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        assert np.array_equal(keras.models.load_model(path).predict(x_test, verbose=0), predicted)


def read(data: str, shape: tuple[int, ...]) -> Arrays:
    """Pictures from 0 to 1 in the shape that the model takes, and class ids."""
    with np.load(data, allow_pickle=False) as arrays:
        x_train, x_test = (arrays[name].reshape(-1, *shape).astype("float32") / 255 for name in ("x_train", "x_test"))
        return x_train, arrays["y_train"], x_test, arrays["y_test"]


if __name__ == "__main__":
    main(*sys.argv[1:])
