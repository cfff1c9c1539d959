"""A split's arrays as a model takes them."""

from __future__ import annotations

from typing import Any

import keras

from mnistspec.datasets.loaded import Array, Split
from mnistspec.datasets.stored import Stored
from mnistspec.diagnostics import BadData
from mnistspec.frozen import dataclass
from mnistspec.training.structured import as_inputs, as_targets


@dataclass(frozen=True, eq=False)
class Examples:
    """One split as the model takes it: `x` and `y` one array each, or several by name, prepared or still `Stored`."""

    x: Any
    y: Any
    count: int


def examples_of(
    model: keras.Model, split: Split, targets: dict[str, Array | Stored], input_names: tuple[str, ...]
) -> Examples:
    """The arrays of a split as the model takes them, under the names that its inputs and outputs have."""
    outputs = next(iter(targets.values())) if len(targets) == 1 else targets
    x, y = inputs_of(split, input_names), as_targets(model, outputs, tuple(targets))
    return Examples(as_inputs(model, x, input_names), y, split.size)


def inputs_of(split: Split, input_names: tuple[str, ...]) -> Any:
    """A split's inputs: one array, or several by name. Raises: BadData for one not there."""
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
