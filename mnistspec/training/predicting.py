"""Predictions inside one call of TensorFlow, batches sliced in the graph from arrays that are already there.

Each step is `keras.Model.predict_step` on the batch that Keras' own loop would take, so that the bits are the same.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnistspec.training.feeding import Feed, Given
from mnistspec.training.loop import can_loop, compiled_step
from mnistspec.training.streaming import streams

# Batches in one go.
_AT_ONCE = 64


def can_predict(model: keras.Model, x: Any) -> bool:
    """Whether the batches can be predicted inside a graph: their outputs have to fit together as arrays there."""
    if not can_loop(model) or streams(x):
        return False
    outputs = keras.tree.flatten(getattr(model, "outputs", None) or [])
    return bool(outputs) and all(_is_array(output) for output in outputs)


def _is_array(output: Any) -> bool:
    return not (output.sparse or getattr(output, "ragged", False)) and len(output.shape) > 0


class PredictingLoop:
    """All the predictions of a model for arrays in memory, batches of `batch_size` in their order."""

    def __init__(self, model: keras.Model, x: Any, batch_size: int) -> None:
        import tensorflow as tf

        self.batch_size, self._feed = batch_size, Feed((x,))
        self._count = len(keras.tree.flatten(x)[0])
        self._step = compiled_step(model, model.predict_step)
        self._dtypes = [tf.as_dtype(output.dtype) for output in keras.tree.flatten(model.outputs)]
        self._full = tf.function(self._several, autograph=False)
        self._smaller = tf.function(self._last, autograph=False)

    def arrays(self) -> list[NDArray[Any]]:
        """The outputs (examples, ...) in their order."""
        import tensorflow as tf

        whole = self._count - self._count % self.batch_size
        bounds = [*range(0, whole, self.batch_size * _AT_ONCE), whole]
        goes = [
            self._full(self._feed.given, tf.constant(begin, tf.int64), tf.constant(end, tf.int64))
            for begin, end in pairwise(bounds)
        ]
        if whole < self._count:
            goes.append(self._smaller(self._feed.given))
        return [np.concatenate([part.numpy() for part in parts]) for parts in zip(*goes, strict=True)]

    def _several(self, given: Given, begin: Any, end: Any) -> list[Any]:
        """Traced once: full batches of the examples from `begin` to before `end`."""
        import tensorflow as tf

        def step(number: Any, kept: list[Any]) -> tuple[Any, list[Any]]:
            outputs = self._outputs(given, begin + number * self.batch_size, self.batch_size)
            at = tf.cast(number, tf.int32)
            return number + 1, [held.write(at, output) for held, output in zip(kept, outputs, strict=True)]

        steps = (end - begin) // self.batch_size
        size = tf.cast(steps, tf.int32)
        empty = [tf.TensorArray(dtype, size=size, infer_shape=False) for dtype in self._dtypes]
        _, kept = tf.while_loop(
            lambda number, _: number < steps, step, (tf.constant(0, tf.int64), empty), parallel_iterations=1
        )
        return [held.concat() for held in kept]

    def _last(self, given: Given) -> list[Any]:
        """A smaller last batch."""
        size = self._count % self.batch_size
        return self._outputs(given, self._count - size, size)

    def _outputs(self, given: Given, first: Any, size: int) -> list[Any]:
        outputs: list[Any] = keras.tree.flatten(self._step(self._feed.form.sliced(given, first, size)))
        return outputs
