"""Many steps inside one call of TensorFlow, their batches gathered in the graph from arrays that are already there.

Each step is `keras.Model.train_step` on the batch that the epoch's order gives, so that the numbers are those of Keras'
own loop. What is saved is Python's and the iterator's time between steps; compiled by XLA, also the kernels'.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import keras
import numpy as np
from numpy.typing import NDArray

from mnistspec.frozen import dataclass
from mnistspec.training.determinism import orderly_in_tensorflow
from mnistspec.training.feeding import Feed, Form, Given, Structure, tensor
from mnistspec.training.order import EpochOrder


def can_loop(model: keras.Model) -> bool:
    """Whether the steps of this model can run inside one graph, in this process alone."""
    if keras.backend.backend() != "tensorflow" or model.run_eagerly:
        return False
    import tensorflow as tf

    return not tf.distribute.has_strategy()


def accelerated() -> bool:
    """Whether TensorFlow computes on something faster than the processor."""
    if keras.backend.backend() != "tensorflow":
        return False
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))


def compiled_step(model: keras.Model, step: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """One of the model's steps (`train_step`, `test_step`, `predict_step`), compiled by XLA where the model says so.

    As in Keras' own loops, Python's words in it are Python's. Where operations are orderly it is a graph of its own, as
    it is there: the optimizer of graphs rewrites sums otherwise in a graph that holds the loop as well.
    """
    if not model.jit_compile and not orderly_in_tensorflow():
        return step
    import tensorflow as tf

    own: Callable[[Any], Any] = tf.function(
        step, jit_compile=model.jit_compile, autograph=False, reduce_retracing=not model.jit_compile
    )
    return own


def run_steps(model: keras.Model, step: Callable[[Any], Any], first: Any, last: Any) -> Any:
    """Runs `step` on each number from `first` to before `last`, inside a graph; how many left the loss finite.

    The loss that a model tells is a mean over the epoch: once it is lost it stays so.
    """
    import tensorflow as tf

    def one(number: Any, finite: Any) -> tuple[Any, Any]:
        step(number)
        return number + 1, finite + tf.cast(tf.math.is_finite(model._loss_tracker.total), tf.int64)

    def goes_on(number: Any, finite: Any) -> Any:
        return number < last

    return tf.while_loop(goes_on, one, (first, tf.zeros_like(first)), parallel_iterations=1)[1]


@dataclass(frozen=True)
class Pace:
    """How steps follow each other: examples a step, steps an epoch (a pass over the examples where None), steps a go.

    With `compiled_whole` XLA compiles the loop of steps, not the single step as the model's `jit_compile` does.
    """

    batch_size: int
    steps: int | None = None
    at_once: int = 1
    compiled_whole: bool = False


# For each graph that ran: how many steps it did, and how many of them left the loss finite. Of a single last one nobody
# asks, but where those before it have not lost the loss.
Ran: TypeAlias = list[tuple[int, Any]]


class EpochLoop(ABC):
    """A model's `train_function`: each call runs the next steps of the epoch under way, a go of them or its rest.

    `done` counts the steps since the training began. It alone says where the training stands: setting it takes the
    training up at any step of any epoch.
    """

    def __init__(self, order: EpochOrder, pace: Pace) -> None:
        self.order, self.pace, self.batch_size = order, pace, pace.batch_size
        self.steps_a_pass = math.ceil(order.count / pace.batch_size)
        self.endless, self.steps = pace.steps is not None, pace.steps or self.steps_a_pass
        self.done = 0
        self._begun, self._ran = 0, Ran()

    @abstractmethod
    def first(self) -> Structure:
        """The first batch, in the order of the examples."""

    @abstractmethod
    def run(self, number: int, first: int, last: int) -> tuple[dict[str, Any], Ran]:
        """The steps from `first` to before `last` of one pass over the examples; the metrics after them."""

    @abstractmethod
    def close(self) -> None:
        """Lets go of whatever is at work beside the training."""

    def stand_in(self, steps: int | None = None) -> Any:
        """What `fit` is given for its batches: it reads their shapes and number there, and draws none.

        `steps` is how many the epoch has left, where it is not to be done from its start.
        """
        import tensorflow as tf

        return tf.data.Dataset.from_tensors(self.first()).repeat(None if self.endless else steps or self.steps)

    def __call__(self, *given: Any) -> Any:
        """As Keras on TensorFlow calls it, with an iterator that is not needed: the metrics after the last step."""
        return self.go()

    def go(self) -> dict[str, Any]:
        """Runs the next steps and returns the metrics as they stand after the last."""
        if self.done // self.steps != self.order.epoch:
            self.done = self.order.epoch * self.steps
        until = min(self.done + self.pace.at_once, (self.order.epoch + 1) * self.steps)
        logs: dict[str, Any] = {}
        self._begun, self._ran = self.done, Ran()
        while self.done < until:
            number, first = divmod(self.done, self.steps_a_pass)
            last = min(first + until - self.done, self.steps_a_pass)
            logs, ran = self.run(number, first, last)
            self._ran += ran
            self.done += last - first
        return logs

    def lost_at(self) -> int:
        """The step of the epoch (from 1) that lost the loss, once the last call has told one that is lost."""
        step = self._begun - self.order.epoch * self.steps + 1
        for steps, finite in self._ran:
            if int(finite) < steps:
                return step + int(finite)
            step += steps
        return step - 1


class StepGraphs:
    """A model's training step in graphs, over arrays of one form: on several batches, and on a smaller batch."""

    def __init__(self, model: keras.Model, form: Form, *, compiled_whole: bool) -> None:
        import tensorflow as tf

        self.model, self.form = model, form
        self._step = compiled_step(model, model.train_step)
        self.full = tf.function(self._several, jit_compile=compiled_whole, autograph=False)
        # A smaller last batch comes once an epoch, too seldom to compile the loop for it.
        self.smaller = tf.function(self._one, autograph=False)

    def _several(self, given: Given, rows: Any, first: Any, last: Any) -> tuple[dict[str, Any], Any]:
        """Traced once: (steps, batch_size) rows, of which the steps from `first` to before `last` are done."""

        def step(number: Any) -> None:
            self._step(self.form.gathered(given, rows[number]))

        finite = run_steps(self.model, step, first, last)
        return dict(self.model.get_metrics_result()), finite

    def _one(self, given: Given, rows: Any) -> dict[str, Any]:
        return dict(self._step(self.form.gathered(given, rows)))


class Graphs(Protocol):
    """A model's training step over arrays of one form, as `StepGraphs` has it: the metrics after the last step."""

    def full(self, given: Given, rows: Any, first: Any, last: Any) -> tuple[dict[str, Any], Any]:
        """On the batches from `first` to before `last` of (steps, batch_size) rows; how many left the loss finite."""

    def smaller(self, given: Given, rows: Any) -> dict[str, Any]:
        """On one smaller batch."""


class StepLoop(EpochLoop):
    """The loop over arrays that are in the backend's memory."""

    def __init__(self, graphs: Graphs, feed: Feed, order: EpochOrder, pace: Pace) -> None:
        super().__init__(order, pace)
        self.graphs, self._feed = graphs, feed
        self._rows: tuple[int, Any, Any] = (-1, None, None)

    def first(self) -> Structure:
        return self._feed.first(self.batch_size)

    def close(self) -> None:
        """Nothing is at work."""

    def run(self, number: int, first: int, last: int) -> tuple[dict[str, Any], Ran]:
        full, smaller = self._rows_of(number)
        logs, ran, until = dict[str, Any](), Ran(), min(last, len(full))
        if first < len(full):
            logs, finite = self.graphs.full(self._feed.given, full, np.int64(first), np.int64(until))
            ran.append((until - first, finite))
        if last > len(full):
            logs = self.graphs.smaller(self._feed.given, smaller)
            ran.append((1, 0))
        return logs, ran

    def _rows_of(self, number: int) -> tuple[Any, Any]:
        """The rows of a pass: (steps, batch_size) of its full batches, and those of a smaller last one."""
        if self._rows[0] != number:
            rows: NDArray[np.int64] = self.order.of(number)
            whole = len(rows) // self.batch_size * self.batch_size
            full = tensor(rows[:whole].reshape(-1, self.batch_size))
            self._rows = (number, full, tensor(rows[whole:]))
        return self._rows[1:]
