"""A model measured over all the examples of a split, wherever these lie."""

from __future__ import annotations

from typing import Any

import keras

from mnistspec.datasets.stored import whole
from mnistspec.training.batches import batches_of
from mnistspec.training.feeding import Feed
from mnistspec.training.loop import can_loop
from mnistspec.training.measuring import MeasuringGoes, MeasuringGraphs, MeasuringLoop
from mnistspec.training.order import EpochOrder
from mnistspec.training.streaming import StreamedMeasuring, streams

# Batches in one go, outside a training.
_AT_ONCE = 64


class Measurer:
    """A model measured on one split after the other: what is traced for one serves the next.

    Loops that are `left_to_keras` are those of a plain script; examples on the disk are not left to it.
    """

    def __init__(self, model: keras.Model, *, left_to_keras: bool = False) -> None:
        self.model, self._left_to_keras = model, left_to_keras
        self._graphs: dict[tuple[str, int], MeasuringGraphs] = {}

    def evaluated(self, x: Any, y: Any, count: int, batch_size: int, steps: int | None) -> dict[str, Any]:
        """The loss and metrics over `count` examples, or the first `steps` batches of them."""
        model = self.model
        if not can_loop(model) or (self._left_to_keras and not streams((x, y))):
            return _by_keras(model, x, y, batch_size, steps)
        loop = self.loop((x, y), min(count, (steps or count) * batch_size), batch_size, _AT_ONCE)
        model.test_function, batches = loop, loop.stand_in(model.steps_per_execution)
        try:
            found: dict[str, Any] = model.evaluate(batches, verbose=0, return_dict=True)
        finally:
            model.test_function = None
            loop.close()
        return found

    def loop(self, arrays: Any, count: int, batch_size: int, at_once: int) -> MeasuringGoes:
        """The loop that measures arrays in memory, or such as stay on the disk."""
        if streams(arrays):
            return StreamedMeasuring(self.model, arrays, count, batch_size, at_once)
        feed = Feed(arrays)
        key = feed.form.name, batch_size
        if key not in self._graphs:
            self._graphs[key] = MeasuringGraphs(self.model, feed, batch_size)
        return MeasuringLoop(self._graphs[key], feed, count, batch_size, at_once)


def _by_keras(model: keras.Model, x: Any, y: Any, batch_size: int, steps: int | None) -> dict[str, Any]:
    held = for_keras(x, y, batch_size)
    given = {"x": held[0], "y": held[1], "batch_size": batch_size} if isinstance(held, tuple) else {"x": held}
    found: dict[str, Any] = model.evaluate(**given, steps=steps, verbose=0, return_dict=True)
    return found


def for_keras(x: Any, y: Any, batch_size: int) -> Any:
    """What Keras' own loops measure: both prepared, or examples on the disk a batch at a time in their order."""
    if not streams((x, y)):
        return keras.tree.map_structure(whole, x), keras.tree.map_structure(whole, y)
    return batches_of(x, y, None, EpochOrder(0, len(keras.tree.flatten(x)[0]), shuffle=False), batch_size)
