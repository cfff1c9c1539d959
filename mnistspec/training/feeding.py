"""Examples inside TensorFlow: as they are held, each batch prepared once it is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mnistspec.datasets.stored import Stored
from mnistspec.training.in_graph import Operation, operations

# Arrays or tensors as Keras takes them: one, or several by name.
Structure = Any


class Feed:
    """Arrays as tensors, and how batches of them are made inside a graph.

    `numbers` has to be handed to each graph as an argument, and what the graph gets to the methods called inside it.
    """

    def __init__(self, arrays: Structure) -> None:
        import tensorflow as tf

        leaves = tf.nest.flatten(arrays)
        # An autoencoder's inputs are its targets too, and lie in memory once.
        tensors = {id(_raw(array)): tf.constant(_raw(array)) for array in leaves}
        self._tensors = [tensors[id(_raw(array))] for array in leaves]
        self._operations = [operations(array) if isinstance(array, Stored) else () for array in leaves]
        self.numbers = tf.nest.map_structure(tf.constant, [[each.numbers for each in own] for own in self._operations])
        self._structure = tf.nest.map_structure(lambda array: 0, arrays)

    def gathered(self, numbers: Any, rows: Any) -> Structure:
        """The examples of these rows."""
        import tensorflow as tf

        return self._batch(numbers, lambda tensor: tf.gather(tensor, rows))

    def sliced(self, numbers: Any, first: Any, size: int) -> Structure:
        """`size` examples, from `first` on."""
        import tensorflow as tf

        def part(tensor: Any) -> Any:
            return tf.ensure_shape(tensor[first : first + size], (size, *tensor.shape[1:]))

        return self._batch(numbers, part)

    def first(self, size: int) -> Structure:
        """The first examples, or all where there are fewer; outside a graph."""
        return self._batch(self.numbers, lambda tensor: tensor[:size])

    def _batch(self, numbers: Any, take: Callable[[Any], Any]) -> Structure:
        import tensorflow as tf

        parts = zip(self._tensors, self._operations, numbers, strict=True)
        batches = [_prepared(take(tensor), own, given) for tensor, own, given in parts]
        return tf.nest.pack_sequence_as(self._structure, batches)


def _raw(array: Any) -> Any:
    return array.raw if isinstance(array, Stored) else array


def _prepared(batch: Any, steps: Sequence[Operation], numbers: Sequence[Any]) -> Any:
    for step, given in zip(steps, numbers, strict=True):
        batch = step.run(batch, given)
    return batch
