"""Measuring inside one call of TensorFlow, batches sliced in the graph from arrays that are already there.

Each batch has a known size there: of one that has not, Keras counts a smaller last batch as a full one in the losses
of several outputs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import keras

from mnistspec.training.feeding import Feed, Given
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


class MeasuringGraphs:
    """A model's test step in graphs: on several batches of arrays of one form, and on a smaller batch.

    What is traced for the examples of one split serves those of another.
    """

    def __init__(self, model: keras.Model, feed: Feed, batch_size: int) -> None:
        import tensorflow as tf

        self._model, self._form, self._batch_size = model, feed.form, batch_size
        self._step = compiled_step(model, model.test_step)
        number = tf.TensorSpec((), tf.int64)
        self.full = tf.function(self._several, (feed.of_any_number(), number, number), autograph=False)
        self._smaller = tf.function(self._one, autograph=False)

    def smaller(self, given: Given, first: int, size: int) -> dict[str, Any]:
        """`size` examples from `first` on, less than a batch."""
        import tensorflow as tf

        logs: dict[str, Any] = self._smaller(given, tf.constant(first, tf.int64), size)
        return logs

    def _several(self, given: Given, begin: Any, end: Any) -> dict[str, Any]:
        """Full batches of the examples from `begin` to before `end`."""
        import tensorflow as tf

        def step(first: Any) -> tuple[Any]:
            self._step(self._form.sliced(given, first, self._batch_size))
            return (first + self._batch_size,)

        tf.while_loop(lambda first: first < end, step, (begin,), parallel_iterations=1)
        return dict(self._model.get_metrics_result())

    def _one(self, given: Given, first: Any, size: int) -> dict[str, Any]:
        return dict(self._step(self._form.sliced(given, first, size)))


class MeasuringLoop(MeasuringGoes):
    """The loop over arrays that are in TensorFlow's memory."""

    def __init__(self, graphs: MeasuringGraphs, feed: Feed, count: int, batch_size: int, at_once: int) -> None:
        super().__init__(count, batch_size, at_once)
        self._graphs, self._feed = graphs, feed

    def first(self) -> Any:
        return self._feed.first(self.batch_size)

    def close(self) -> None:
        """Nothing is at work."""

    def run(self, begin: int, end: int) -> dict[str, Any]:
        import tensorflow as tf

        rest = (end - begin) % self.batch_size
        logs: dict[str, Any] = {}
        if end - rest > begin:
            logs = self._graphs.full(self._feed.given, tf.constant(begin, tf.int64), tf.constant(end - rest, tf.int64))
        if rest:
            logs = self._graphs.smaller(self._feed.given, end - rest, rest)
        return logs
