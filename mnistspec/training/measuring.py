"""Measuring inside one call of TensorFlow, batches sliced in the graph from arrays that are already there.

Each batch has a known size there: of one that has not, Keras counts a smaller last batch as a full one in the losses
of several outputs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import keras

from mnistspec.training.feeding import Feed
from mnistspec.training.loop import compiled_step


class MeasuringGoes(ABC):
    """A model's `test_function` over fixed arrays: each call measures the next `at_once` batches of `batch_size`."""

    def __init__(self, count: int, batch_size: int, at_once: int) -> None:
        self.count, self.batch_size = count, batch_size
        self.goes = -(-count // (batch_size * at_once))
        self._a_go, self._begin = batch_size * at_once, 0

    @abstractmethod
    def first(self) -> Any:
        """The first batch."""

    @abstractmethod
    def run(self, begin: int, end: int) -> dict[str, Any]:
        """Measures the batches of the examples from `begin` to before `end`; only the last of all may be smaller."""

    @abstractmethod
    def close(self) -> None:
        """Lets go of whatever is at work beside the measuring."""

    def stand_in(self, steps_a_go: int) -> Any:
        """What Keras is given for its batches: it reads their shapes and number there, and draws none.

        `steps_a_go` is how many steps Keras thinks there are in a go: the model's `steps_per_execution`.
        """
        import tensorflow as tf

        return tf.data.Dataset.from_tensors(self.first()).repeat(self.goes * steps_a_go)

    def __call__(self, iterator: Any) -> dict[str, Any]:
        """Measures the next batches, beginning anew after the last; returns the metrics as they stand then."""
        end = min(self._begin + self._a_go, self.count)
        logs = self.run(self._begin, end)
        self._begin = end % self.count
        return logs


class MeasuringLoop(MeasuringGoes):
    """The loop over arrays that are in TensorFlow's memory."""

    def __init__(self, model: keras.Model, arrays: Any, count: int, batch_size: int, at_once: int) -> None:
        import tensorflow as tf

        super().__init__(count, batch_size, at_once)
        self.model, self._feed = model, Feed(arrays)
        self._step = compiled_step(model, model.test_step)
        self._full = tf.function(self._several, autograph=False)
        self._smaller = tf.function(self._last, autograph=False)

    def first(self) -> Any:
        return self._feed.first(self.batch_size)

    def close(self) -> None:
        """Nothing is at work."""

    def run(self, begin: int, end: int) -> dict[str, Any]:
        import tensorflow as tf

        last = end - (end - begin) % self.batch_size
        logs: dict[str, Any] = {}
        if last > begin:
            logs = self._full(self._feed.numbers, tf.constant(begin, tf.int64), tf.constant(last, tf.int64))
        if end > last:
            logs = self._smaller(self._feed.numbers)
        return logs

    def _several(self, numbers: Any, begin: Any, end: Any) -> dict[str, Any]:
        """Traced once: full batches of the examples from `begin` to before `end`."""
        import tensorflow as tf

        def step(first: Any) -> tuple[Any]:
            self._step(self._feed.sliced(numbers, first, self.batch_size))
            return (first + self.batch_size,)

        tf.while_loop(lambda first: first < end, step, (begin,), parallel_iterations=1)
        return dict(self.model.get_metrics_result())

    def _last(self, numbers: Any) -> dict[str, Any]:
        """A smaller last batch."""
        size = self.count % self.batch_size
        return dict(self._step(self._feed.sliced(numbers, self.count - size, size)))
