"""A split's arrays as a model takes them."""

from __future__ import annotations

from typing import Any

import keras

from mnistspec.datasets.loaded import Array, Split
from mnistspec.datasets.stored import Stored
from mnistspec.diagnostics import BadData
from mnistspec.frozen import dataclass


@dataclass(frozen=True, eq=False)
class Examples:
    """One split as the model takes it: `x` and `y` one array each, or several by name, prepared or still `Stored`."""

    x: Any
    y: Any
    count: int


def examples_of(split: Split, targets: dict[str, Array | Stored], input_names: tuple[str, ...]) -> Examples:
    """The arrays of a split under the names that the model's inputs and outputs have."""
    outputs = next(iter(targets.values())) if len(targets) == 1 else targets
    return Examples(inputs_of(split, input_names), outputs, split.size)


def inputs_of(split: Split, input_names: tuple[str, ...]) -> Any:
    """A split's inputs as the model takes them: one array, or several by name. Raises: BadData for one not there."""
    x = {name: _feedable(array) for name, array in split.x.items()}
    if len(input_names) == 1 and len(x) == 1:
        return next(iter(x.values()))
    missing = [name for name in input_names if name not in x]
    if missing:
        raise BadData(f"the data has no array for the input `{missing[0]}`; it has {', '.join(f'`{n}`' for n in x)}")
    return x[input_names[0]] if len(input_names) == 1 else {name: x[name] for name in input_names}


def _feedable(array: Array | Stored) -> Any:
    """The array as Keras can take it: strings, which NumPy holds as objects, as TensorFlow's own strings."""
    if isinstance(array, Stored) or array.dtype.kind not in "OSU" or keras.backend.backend() != "tensorflow":
        return array
    import tensorflow as tf

    return tf.constant(array.tolist(), dtype=tf.string)
