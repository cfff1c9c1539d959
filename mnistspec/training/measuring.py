"""Measuring inside one call of TensorFlow, batches sliced in the graph from arrays that are already there.

Each batch has a known size there: of one that has not, Keras counts a smaller last batch as a full one in the losses
of several outputs.
"""

from __future__ import annotations

from typing import Any

import keras

from mnistspec.training.loop import can_loop

# Batches in one go, outside a training.
_AT_ONCE = 64


def evaluated(model: keras.Model, x: Any, y: Any, count: int, batch_size: int, steps: int | None) -> dict[str, Any]:
    """The loss and metrics over `count` examples, or the first `steps` batches of them."""
    if not can_loop(model):
        found: dict[str, Any] = model.evaluate(x, y, batch_size=batch_size, steps=steps, verbose=0, return_dict=True)
        return found
    loop = MeasuringLoop(model, (x, y), min(count, (steps or count) * batch_size), batch_size, _AT_ONCE)
    model.test_function = loop
    try:
        found = model.evaluate(loop.stand_in(model.steps_per_execution), verbose=0, return_dict=True)
    finally:
        model.test_function = None
    return found


class MeasuringLoop:
    """A model's `test_function` over fixed arrays: each call measures the next `at_once` batches of `batch_size`."""

    def __init__(self, model: keras.Model, arrays: Any, count: int, batch_size: int, at_once: int) -> None:
        import tensorflow as tf

        self.model, self.count, self.batch_size = model, count, batch_size
        self.goes = -(-count // (batch_size * at_once))
        self._a_go, self._begin = batch_size * at_once, 0
        self._arrays = tf.nest.map_structure(tf.constant, arrays)
        self._step = tf.function(model.test_step, jit_compile=True) if model.jit_compile else model.test_step
        self._full = tf.function(self._several, autograph=False)
        self._smaller = tf.function(self._last, autograph=False)

    def stand_in(self, steps_a_go: int) -> Any:
        """What Keras is given for its batches: it reads their shapes and number there, and draws none.

        `steps_a_go` is how many steps Keras thinks there are in a go: the model's `steps_per_execution`.
        """
        import tensorflow as tf

        first = tf.nest.map_structure(lambda array: array[: self.batch_size], self._arrays)
        return tf.data.Dataset.from_tensors(first).repeat(self.goes * steps_a_go)

    def __call__(self, iterator: Any) -> dict[str, Any]:
        """Measures the next batches, beginning anew after the last; returns the metrics as they stand then."""
        import tensorflow as tf

        end = min(self._begin + self._a_go, self.count)
        whole = end - (end - self._begin) % self.batch_size
        logs: dict[str, Any] = {}
        if whole > self._begin:
            logs = self._full(tf.constant(self._begin, tf.int64), tf.constant(whole, tf.int64))
        if end > whole:
            logs = self._smaller()
        self._begin = end % self.count
        return logs

    def _several(self, begin: Any, end: Any) -> dict[str, Any]:
        """Traced once: full batches of the examples from `begin` to before `end`."""
        import tensorflow as tf

        def step(first: Any) -> tuple[Any]:
            self._step(tf.nest.map_structure(lambda array: self._sliced(array, first), self._arrays))
            return (first + self.batch_size,)

        tf.while_loop(lambda first: first < end, step, (begin,), parallel_iterations=1)
        return dict(self.model.get_metrics_result())

    def _sliced(self, array: Any, first: Any) -> Any:
        import tensorflow as tf

        return tf.ensure_shape(array[first : first + self.batch_size], (self.batch_size, *array.shape[1:]))

    def _last(self) -> dict[str, Any]:
        """A smaller last batch."""
        import tensorflow as tf

        first = self.count - self.count % self.batch_size
        return dict(self._step(tf.nest.map_structure(lambda array: array[first : self.count], self._arrays)))
