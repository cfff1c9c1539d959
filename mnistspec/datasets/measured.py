"""The facts of arrays that are there: exact shapes, dtypes, ranges and classes."""

from __future__ import annotations

import numpy as np

from mnistspec.datasets.facts import ArrayFacts
from mnistspec.datasets.loaded import Array
from mnistspec.datasets.stored import Stored, ends, parts


def measure(array: Array | Stored, classes: int | None = None) -> ArrayFacts:
    """What an array (examples, ...) is; `classes` where more is known of them than the array shows.

    Integers, one an example and none negative, count as class ids; rows of zeros with a single one are one-hot.
    """
    if not isinstance(array, Stored) and array.dtype == object:
        return _objects(array)
    shape, dtype = tuple(array.shape[1:]), array.dtype.name
    if not array.size:
        return ArrayFacts(shape, dtype, classes=classes)
    low, high = ends(array)
    if shape in ((), (1,)) and array.dtype.kind in "biu" and low >= 0:
        return ArrayFacts(shape, dtype, low, high, max(int(high) + 1, classes or 0))
    one_hot = _is_one_hot(array, low, high)
    return ArrayFacts(shape, dtype, low, high, shape[-1] if one_hot else None, one_hot)


def _objects(array: Array) -> ArrayFacts:
    """Text (examples, ...) or sequences of different lengths (examples,)."""
    if isinstance(array.flat[0], str):
        return ArrayFacts(tuple(array.shape[1:]), "string")
    filled = [sequence for sequence in array if len(sequence)]
    low = min((float(sequence.min()) for sequence in filled), default=None)
    high = max((float(sequence.max()) for sequence in filled), default=None)
    return ArrayFacts((None,), array[0].dtype.name, low, high, ragged=True)


def _is_one_hot(array: Array | Stored, low: float, high: float) -> bool:
    if array.ndim != 2 or array.shape[1] < 2 or (low, high) != (0, 1):
        return False
    return all(_rows_with_a_one(part) for part in parts(array))


def _rows_with_a_one(array: Array) -> bool:
    ones = array == 1
    return bool((np.count_nonzero(ones, axis=1) == 1).all() and np.count_nonzero(array) == len(array))
