"""A model measured over all the examples of a split, wherever these lie."""

from __future__ import annotations

from typing import Any

import keras

from mnistspec.datasets.stored import whole
from mnistspec.training.batches import batches_of
from mnistspec.training.loop import can_loop
from mnistspec.training.measuring import MeasuringGoes, MeasuringLoop
from mnistspec.training.order import EpochOrder
from mnistspec.training.streaming import StreamedMeasuring, streams

# Batches in one go, outside a training.
_AT_ONCE = 64


def evaluated(
    model: keras.Model, x: Any, y: Any, count: int, batch_size: int, steps: int | None, *, left_to_keras: bool = False
) -> dict[str, Any]:
    """The loss and metrics over `count` examples, or the first `steps` batches of them.

    Loops that are `left_to_keras` are those of a plain script; examples on the disk are not left to it.
    """
    if not can_loop(model) or (left_to_keras and not streams((x, y))):
        return _by_keras(model, x, y, count, batch_size, steps)
    loop = measuring_loop(model, (x, y), min(count, (steps or count) * batch_size), batch_size, _AT_ONCE)
    model.test_function = loop
    try:
        found: dict[str, Any] = model.evaluate(loop.stand_in(model.steps_per_execution), verbose=0, return_dict=True)
    finally:
        model.test_function = None
        loop.close()
    return found


def _by_keras(model: keras.Model, x: Any, y: Any, count: int, batch_size: int, steps: int | None) -> dict[str, Any]:
    if streams((x, y)):
        given = {"x": in_batches(x, y, count, batch_size)}
    else:
        given = {"x": keras.tree.map_structure(whole, x), "y": keras.tree.map_structure(whole, y)}
        given["batch_size"] = batch_size
    found: dict[str, Any] = model.evaluate(**given, steps=steps, verbose=0, return_dict=True)
    return found


def in_batches(x: Any, y: Any, count: int, batch_size: int) -> Any:
    """Examples on the disk, a batch at a time in their order, for Keras' own loops."""
    return batches_of(x, y, None, EpochOrder(0, count, shuffle=False), batch_size)


def measuring_loop(model: keras.Model, arrays: Any, count: int, batch_size: int, at_once: int) -> MeasuringGoes:
    """The loop that measures arrays in memory, or such as stay on the disk."""
    kind = StreamedMeasuring if streams(arrays) else MeasuringLoop
    return kind(model, arrays, count, batch_size, at_once)
