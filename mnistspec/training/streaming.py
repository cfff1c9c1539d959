"""Training and measuring on examples that stay on the disk: a block of batches in memory, the next one on its way.

The batches, and the steps done on them, are those of `loop` and `measuring`: the numbers are the same to the bit.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeAlias

import keras
import numpy as np
from numpy.typing import NDArray

from mnistspec.datasets.stored import Stored
from mnistspec.training.feeding import KerasSizes, Structure
from mnistspec.training.loop import EpochLoop, Pace, Ran, compiled_step, run_steps
from mnistspec.training.measuring import MeasuringGoes
from mnistspec.training.order import EpochOrder

# Bytes of prepared examples in a block, if that is more than a batch. Three blocks are in memory at a time.
_BLOCK = 2**25

# Which pass over the examples, and which of its blocks.
_Place: TypeAlias = tuple[int, int]


def streams(arrays: Structure) -> bool:
    """Whether any of the arrays stays on the disk."""
    return any(isinstance(array, Stored) and array.streams for array in keras.tree.flatten(arrays))


class Blocks:
    """Passes over examples in blocks of as many full batches as are small; a smaller last batch is a block by itself.

    `rows_of` gives the rows of a pass in their order. A thread fetches and prepares the block that follows.
    """

    def __init__(
        self, arrays: Structure, batch_size: int, count: int, rows_of: Callable[[int], NDArray[np.int64]]
    ) -> None:
        self._arrays, self._batch_size, self._count, self._rows_of = arrays, batch_size, count, rows_of
        self.steps_full, self.rest = divmod(count, batch_size)
        of_a_batch = sum(_bytes(array[:1]) for array in keras.tree.flatten(arrays)) * batch_size
        self.steps = max(1, min(_BLOCK // max(1, of_a_batch), self.steps_full))
        self._blocks = -(-self.steps_full // self.steps) + bool(self.rest)
        self._rows: tuple[int, NDArray[np.int64]] = (-1, np.arange(0))
        self._held: tuple[_Place, Structure] | None = None
        self._ahead: tuple[_Place, Future[Structure]] | None = None
        self._thread = ThreadPoolExecutor(1, "mnistspec-blocks")

    def first(self, size: int) -> Structure:
        """The first examples, or all where there are fewer."""
        return self._gathered(np.arange(min(size, self._count)))

    def of(self, number: int, step: int) -> tuple[Structure, int]:
        """The block with a step of a pass, as tensors (examples, ...), and which step of it that is."""
        if step >= self.steps_full:
            return self._at((number, self._blocks - 1)), 0
        return self._at((number, step // self.steps)), step % self.steps

    def _at(self, place: _Place) -> Structure:
        if self._held is None or self._held[0] != place:
            ready = self._ahead[1] if self._ahead is not None and self._ahead[0] == place else self._asked(place)
            self._held = None  # let go before the next one comes
            self._held = (place, ready.result())
            after = (place[0], place[1] + 1) if place[1] + 1 < self._blocks else (place[0] + 1, 0)
            self._ahead = (after, self._asked(after))
        return self._held[1]

    def _asked(self, place: _Place) -> Future[Structure]:
        return self._thread.submit(self._made, place)

    def _made(self, place: _Place) -> Structure:
        number, index = place
        if self._rows[0] != number:
            self._rows = (number, self._rows_of(number))
        rows, size = self._rows[1], self.steps * self._batch_size
        if index * self.steps >= self.steps_full:
            return self._gathered(rows[self.steps_full * self._batch_size :])
        some = rows[index * size : min((index + 1) * size, self.steps_full * self._batch_size)]
        # Of one size all, so that a graph is traced and compiled once.
        return self._gathered(np.pad(some, (0, size - len(some)), mode="edge"))

    def _gathered(self, rows: NDArray[np.int64]) -> Structure:
        # An autoencoder's inputs are its targets too, and are read once.
        leaves = {id(array): array for array in keras.tree.flatten(self._arrays)}
        found = {name: _taken(array, rows) for name, array in leaves.items()}
        return keras.tree.map_structure(lambda array: found[id(array)], self._arrays)

    def close(self) -> None:
        """Ends the thread; what it was fetching is let go."""
        self._thread.shutdown(cancel_futures=True)
        self._held = self._ahead = None


def _bytes(some: Any) -> int:
    return int(np.asarray(some).nbytes)


def _taken(array: Any, rows: NDArray[np.int64]) -> Any:
    import tensorflow as tf

    if isinstance(array, Stored):
        return tf.constant(array[rows].whole())
    return tf.gather(array, rows) if tf.is_tensor(array) else tf.constant(array[rows])


class _Graphs:
    """A step of a model in graphs: on several batches of a block, and on a smaller batch."""

    def __init__(self, model: keras.Model, step: Callable[[Any], Any], batch_size: int, *, whole: bool) -> None:
        import tensorflow as tf

        self._model, self._step, self._batch_size = model, step, batch_size
        self._sizes = KerasSizes()
        self._full = tf.function(self._several, jit_compile=whole, autograph=False)
        self._smaller = tf.function(self._one, autograph=False)

    def run(self, blocks: Blocks, number: int, first: int, last: int) -> tuple[dict[str, Any], Ran]:
        """The steps from `first` to before `last` of a pass; the metrics after them."""
        logs, ran = dict[str, Any](), Ran()
        while first < last:
            block, begin = blocks.of(number, first)
            if first == blocks.steps_full:
                return dict(self._smaller(block)), [*ran, (1, 0)]
            end = min(blocks.steps, begin + min(last, blocks.steps_full) - first)
            logs, finite = self._full(block, np.int64(begin), np.int64(end))
            ran.append((end - begin, finite))
            first += end - begin
        return dict(logs), ran

    def _several(self, block: Structure, first: Any, last: Any) -> tuple[dict[str, Any], Any]:
        def step(number: Any) -> None:
            self._step(self._batch(block, number))

        finite = run_steps(self._model, step, first, last)
        return dict(self._model.get_metrics_result()), finite

    def _one(self, batch: Structure) -> dict[str, Any]:
        return dict(self._step(keras.tree.map_structure(self._sizes.of, batch)))

    def _batch(self, block: Structure, number: Any) -> Structure:
        """A full batch of a block."""
        import tensorflow as tf

        def part(tensor: Any) -> Any:
            return self._sizes.of(tf.reshape(tensor, (-1, self._batch_size, *tensor.shape[1:]))[number])

        return tf.nest.map_structure(part, block)


class StreamedLoop(EpochLoop):
    """`StepLoop` for examples that stay on the disk."""

    def __init__(self, model: keras.Model, arrays: tuple[Structure, ...], order: EpochOrder, pace: Pace) -> None:
        super().__init__(order, pace)
        self._blocks = Blocks(arrays, pace.batch_size, order.count, order.of)
        step = compiled_step(model, model.train_step)
        self._graphs = _Graphs(model, step, pace.batch_size, whole=pace.compiled_whole)

    def first(self) -> Structure:
        return self._blocks.first(self.batch_size)

    def run(self, number: int, first: int, last: int) -> tuple[dict[str, Any], Ran]:
        return self._graphs.run(self._blocks, number, first, last)

    def close(self) -> None:
        self._blocks.close()


class StreamedMeasuring(MeasuringGoes):
    """`MeasuringLoop` for examples that stay on the disk."""

    def __init__(self, model: keras.Model, arrays: Any, count: int, batch_size: int, at_once: int) -> None:
        super().__init__(count, batch_size, at_once)
        self._blocks = Blocks(arrays, batch_size, count, lambda number: np.arange(count))
        self._graphs = _Graphs(model, compiled_step(model, model.test_step), batch_size, whole=False)

    def first(self) -> Structure:
        return self._blocks.first(self.batch_size)

    def run(self, begin: int, end: int) -> dict[str, Any]:
        return self._graphs.run(self._blocks, 0, begin // self.batch_size, -(-end // self.batch_size))[0]

    def close(self) -> None:
        self._blocks.close()
