from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.keras


def _same(model: Any, x: Any, batch_size: int) -> bool:
    """Whether the loop and Keras predict the same bits, from the same random states."""
    import keras

    from mnistspec.runs.proof import RandomState
    from mnistspec.training.predicting import PredictingLoop, can_predict

    assert can_predict(model, x)
    state = RandomState(model)
    expected = keras.tree.flatten(model.predict(x, batch_size=batch_size, verbose=0))
    state.restore(model)
    found = PredictingLoop(model, x, batch_size).arrays()
    return len(found) == len(expected) and all(
        one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
        for one, other in zip(found, expected, strict=True)
    )


# One batch and less, full batches alone, a smaller last one, more batches than go at once.
@pytest.mark.parametrize(("examples", "batch_size"), [(3, 8), (16, 8), (23, 8), (67, 1)])
def test_the_loop_predicts_what_keras_does(tiny: ModuleType, examples: int, batch_size: int) -> None:
    given = tiny.examples(examples)
    assert _same(tiny.model(dropout=0.3), given.x, batch_size)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_several_inputs_and_outputs_and_noise_drawn_while_predicting(jit_compile: bool) -> None:
    import keras
    from keras import layers

    keras.utils.set_random_seed(3)
    image, words = keras.Input((4, 4, 1), name="image"), keras.Input((6,), dtype="int32", name="words")
    sequence, *states = layers.LSTM(3, return_state=True)(layers.Embedding(9, 5)(words))
    merged = layers.Concatenate()([layers.Flatten()(image), sequence])
    noisy = layers.Dropout(0.5)(merged, training=True)
    model = keras.Model({"image": image, "words": words}, [layers.Dense(2)(noisy), states[1]])
    model.compile(jit_compile=jit_compile)
    draw = np.random.default_rng(0)
    x = {"image": draw.normal(size=(21, 4, 4, 1)).astype("float32"), "words": draw.integers(0, 9, (21, 6), "int32")}
    assert _same(model, x, 4)


def test_what_cannot_run_in_a_graph_is_left_to_keras(tiny: ModuleType) -> None:
    from mnistspec.training.predicting import can_predict

    assert not can_predict(tiny.model(run_eagerly=True), tiny.examples(4).x)
