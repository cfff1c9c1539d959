"""The seed problem as a plain Keras script: what a good user writes by hand, saving and reloading included."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import keras
import numpy as np


def main(data: str) -> None:
    """Trains, evaluates, predicts, saves and loads back."""
    keras.utils.set_random_seed(7)
    with np.load(data, allow_pickle=False) as arrays:
        x_train, y_train, x_test, y_test = (arrays[name] for name in ("x_train", "y_train", "x_test", "y_test"))
    x_train = x_train.reshape(-1, 784).astype("float32") / 255
    x_test = x_test.reshape(-1, 784).astype("float32") / 255
    y_train, y_test = keras.utils.to_categorical(y_train, 10), keras.utils.to_categorical(y_test, 10)
    held_out = len(x_train) // 10
    model = keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Dense(512, activation="relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    model.fit(
        x_train[:-held_out],
        y_train[:-held_out],
        epochs=10,
        batch_size=100,
        validation_data=(x_train[-held_out:], y_train[-held_out:]),
        verbose=2,
    )
    model.evaluate(x_test, y_test, verbose=0)
    predicted = model.predict(x_test, verbose=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        loaded = keras.models.load_model(path)
        assert np.array_equal(loaded.predict(x_test, verbose=0), predicted)


if __name__ == "__main__":
    main(sys.argv[1])
