"""Batches in the order of the epoch: arrays in memory, gathered inside TensorFlow's graph or one by one elsewhere."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnistspec.datasets.stored import whole
from mnistspec.training.order import EpochOrder
from mnistspec.training.streaming import streams

# Arrays as Keras takes them: one, or several by name.
Structure = Any


def batches_of(
    x: Structure,
    y: Structure,
    weights: NDArray[Any] | None,
    order: EpochOrder,
    batch_size: int,
    *,
    endless: bool = False,
    first: int = 0,
) -> Any:
    """What `fit` iterates over: batches (batch_size, ...) of `x`, `y` and, where given, sample weights.

    `endless` goes on with the next pass when one ends, for epochs of a set number of steps. `first` is the batch to
    begin with, of each epoch, or of all there will ever be.
    """
    arrays = (x, y) if weights is None else (x, y, weights)
    if keras.backend.backend() == "tensorflow" and not streams(arrays):
        return _tensorflow_dataset(arrays, order, batch_size, endless, first)
    return _Batches(arrays, order, batch_size, endless, first)


def step_count(examples: int, batch_size: int) -> int:
    return math.ceil(examples / batch_size)


def _tensorflow_dataset(
    arrays: tuple[Structure, ...], order: EpochOrder, batch_size: int, endless: bool, first: int
) -> Any:
    import tensorflow as tf

    steps = step_count(order.count, batch_size)
    held = tf.nest.map_structure(tf.constant, arrays)

    def pass_of(number: Any) -> Any:
        def numbered(epoch: NDArray[np.int64]) -> NDArray[np.int64]:
            # Read when the epoch's iterator starts, which is after the fit has set the order's epoch.
            return order.of(int(epoch)) if endless else order.current()

        indices = tf.numpy_function(numbered, [number], tf.int64, stateful=True)
        indices.set_shape([order.count])
        return tf.data.Dataset.from_tensor_slices(indices).batch(batch_size)

    def gather(indices: Any) -> Any:
        return tf.nest.map_structure(lambda array: tf.gather(array, indices), held)

    passes = tf.data.Dataset.range(first // steps, 2**31) if endless else tf.data.Dataset.range(1)
    wanted = passes.flat_map(pass_of).skip(first % steps)
    dataset = wanted.map(gather, num_parallel_calls=2, deterministic=True)
    if not endless:
        dataset = dataset.apply(tf.data.experimental.assert_cardinality(steps - first))
    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.OFF
    return dataset.prefetch(2).with_options(options)


class _Batches(keras.utils.PyDataset):  # type: ignore[misc]
    """The same batches for backends without `tf.data`, and from the disk."""

    def __init__(
        self, arrays: tuple[Structure, ...], order: EpochOrder, batch_size: int, endless: bool, first: int
    ) -> None:
        super().__init__(workers=1, use_multiprocessing=False, max_queue_size=2)
        self.arrays, self.order, self.batch_size, self.endless, self.first = arrays, order, batch_size, endless, first
        self.known: tuple[int, NDArray[np.int64]] = (-1, np.arange(0))

    @property
    def num_batches(self) -> int | None:
        return None if self.endless else step_count(self.order.count, self.batch_size) - self.first

    def __getitem__(self, index: int) -> tuple[Structure, ...]:
        steps = step_count(self.order.count, self.batch_size)
        index += self.first
        number = index // steps if self.endless else self.order.epoch
        if self.known[0] != number:
            self.known = (number, self.order.of(number))
        start = index % steps * self.batch_size
        rows = self.known[1][start : start + self.batch_size]
        return tuple(_take(array, rows) for array in self.arrays)


def _take(structure: Structure, rows: NDArray[np.int64]) -> Structure:
    return keras.tree.map_structure(lambda array: whole(array[rows]), structure)
