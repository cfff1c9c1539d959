"""Examples inside TensorFlow or JAX: as they are held, each batch prepared once it is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import keras

from mnistspec.datasets.stored import Stored
from mnistspec.datasets.waiting import SINGLE
from mnistspec.training.determinism import orderly_in_tensorflow
from mnistspec.training.in_graph import Operation, operations

# Arrays or tensors as Keras takes them: one, or several by name.
Structure = Any
# What a graph makes batches of: the tensors (examples, ...), and for each the numbers of its steps.
Given: TypeAlias = tuple[list[Any], Any]


# More than any batch has.
_NO_LIMIT = 2**40


class KerasSizes:
    """Batches inside a graph as Keras' own loop has them, where operations are orderly: of no size that is known.

    Of a size that it knows beforehand TensorFlow makes constants, with which it sums up and divides otherwise. It sees
    through all but a number that it has to read from memory.
    """

    def __init__(self) -> None:
        self._limit: Any = None
        if orderly_in_tensorflow():
            import tensorflow as tf

            self._limit = tf.Variable(_NO_LIMIT, trainable=False, dtype=tf.int64)

    @property
    def known(self) -> bool:
        """Whether a graph may know how many examples a batch has."""
        return self._limit is None

    def of(self, batch: Any) -> Any:
        """The same examples (or rows)."""
        return batch if self.known else batch[: self._limit.read_value()]


class Form:
    """How batches are made inside a graph of arrays that differ in their values and their number of examples alone.

    `name` tells arrays of another form. The arrays themselves are the graph's argument.
    """

    def __init__(self, arrays: Structure) -> None:
        leaves = keras.tree.flatten(arrays)
        self.operations = [operations(array) if isinstance(array, Stored) else () for array in leaves]
        self._structure, self._sizes = keras.tree.map_structure(lambda array: 0, arrays), KerasSizes()
        self.name = repr((self._structure, [_kind(array) for array in leaves]))

    def gathered(self, given: Given, rows: Any) -> Structure:
        """The examples of these rows."""
        rows = self._sizes.of(rows)
        return self.batch(given, lambda tensor: _taken(tensor, rows))

    def sliced(self, given: Given, first: Any, size: int) -> Structure:
        """`size` examples, from `first` on."""
        import tensorflow as tf

        def part(tensor: Any) -> Any:
            some = self._sizes.of(tensor[first : first + size])
            return tf.ensure_shape(some, (size, *tensor.shape[1:])) if self._sizes.known else some

        return self.batch(given, part)

    def batch(self, given: Given, take: Callable[[Any], Any]) -> Structure:
        """What `take` takes of each tensor, prepared."""
        parts = zip(given[0], self.operations, given[1], strict=True)
        batches = [_prepared(take(tensor), own, numbers) for tensor, own, numbers in parts]
        return keras.tree.pack_sequence_as(self._structure, batches)


class Feed:
    """Arrays as tensors: `given` is what has to be handed to each graph, for its `form` to make batches of."""

    def __init__(self, arrays: Structure) -> None:
        arrays = keras.tree.map_structure(_in_time, arrays)
        leaves = keras.tree.flatten(arrays)
        # An autoencoder's inputs are its targets too, and lie in memory once.
        tensors = {id(_raw(array)): tensor(_raw(array)) for array in leaves}
        self.form = Form(arrays)
        numbers = [[each.numbers for each in own] for own in self.form.operations]
        self.given: Given = [tensors[id(_raw(array))] for array in leaves], keras.tree.map_structure(tensor, numbers)

    def first(self, size: int) -> Structure:
        """The first examples, or all where there are fewer; outside a graph."""
        return self.form.batch(self.given, lambda tensor: tensor[:size])

    def of_any_number(self) -> Given:
        """`given` as specifications, for any number of examples."""
        import tensorflow as tf

        tensors, numbers = self.given
        of_any = [tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype) for tensor in tensors]
        return of_any, tf.nest.map_structure(lambda number: tf.TensorSpec(number.shape, number.dtype), numbers)


def tensor(array: Any) -> Any:
    """An array in the backend's memory."""
    if keras.backend.backend() == "jax":
        import jax

        return jax.numpy.asarray(array)
    import tensorflow as tf

    return tf.constant(array)


def _taken(tensor: Any, rows: Any) -> Any:
    if keras.backend.backend() == "jax":
        return tensor[rows]
    import tensorflow as tf

    return tf.gather(tensor, rows)


def _in_time(array: Any) -> Any:
    """The array as it is held, or prepared now where the backend would do it to other bits."""
    waits = isinstance(array, Stored) and keras.backend.backend() == "jax"
    return array.whole() if waits and any(step.name not in SINGLE for step in array.steps) else array


def _raw(array: Any) -> Any:
    return array.raw if isinstance(array, Stored) else array


def _kind(array: Any) -> tuple[Any, ...]:
    """All of an array but its values and the number of its examples, and but the numbers that its steps have learnt."""
    raw, steps = _raw(array), array.steps if isinstance(array, Stored) else ()
    return raw.dtype, tuple(raw.shape[1:]), [(step.name, dict(step.options)) for step in steps]


def _prepared(batch: Any, steps: Sequence[Operation], numbers: Sequence[Any]) -> Any:
    for step, given in zip(steps, numbers, strict=True):
        batch = step.run(batch, given)
    return batch
