"""Validation inside one call of TensorFlow, its batches sliced in the graph from arrays that are already there."""

from __future__ import annotations

from typing import Any

import keras


class MeasuringLoop:
    """A model's `test_function` over fixed arrays: each call measures the next `at_once` batches of `batch_size`."""

    def __init__(self, model: keras.Model, arrays: Any, count: int, batch_size: int, at_once: int) -> None:
        import tensorflow as tf

        self.model, self.count, self.batch_size, self.at_once = model, count, batch_size, at_once
        self.goes = -(-count // (batch_size * at_once))
        self._begin = 0
        self._arrays = tf.nest.map_structure(tf.constant, arrays)
        self._step = tf.function(model.test_step, jit_compile=True) if model.jit_compile else model.test_step
        self._several = tf.function(self._steps, autograph=False)

    def stand_in(self) -> Any:
        """What `fit` is given for validation data: it reads the shapes and the number of steps there, and draws none."""
        import tensorflow as tf

        first = tf.nest.map_structure(lambda array: array[: self.batch_size], self._arrays)
        return tf.data.Dataset.from_tensors(first).repeat(self.goes * self.model.steps_per_execution)

    def __call__(self, iterator: Any) -> dict[str, Any]:
        """Measures the next batches, beginning anew after the last; returns the metrics as they stand then."""
        end = min(self._begin + self.batch_size * self.at_once, self.count)
        logs: dict[str, Any] = self._several(self._tensor(self._begin), self._tensor(end))
        self._begin = end % self.count
        return logs

    @staticmethod
    def _tensor(number: int) -> Any:
        import tensorflow as tf

        return tf.constant(number, tf.int64)

    def _steps(self, begin: Any, end: Any) -> dict[str, Any]:
        """Traced once: the examples from `begin` to before `end`, in batches of which the last may be smaller."""
        import tensorflow as tf

        def step(first: Any) -> tuple[Any]:
            after = tf.minimum(first + self.batch_size, end)
            self._step(tf.nest.map_structure(lambda array: array[first:after], self._arrays))
            return (after,)

        tf.while_loop(lambda first: first < end, step, (begin,), parallel_iterations=1)
        return dict(self.model.get_metrics_result())
