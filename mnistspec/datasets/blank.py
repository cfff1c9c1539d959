"""Examples like those to come, with nothing in them: for what can be made before the data are read."""

from __future__ import annotations

import math

import numpy as np

from mnistspec.datasets import SOURCES
from mnistspec.datasets.cached_files import path_of
from mnistspec.datasets.facts import ArrayFacts, DataFacts, Waiting
from mnistspec.datasets.fitted import FittedStep
from mnistspec.datasets.loaded import Array, Split
from mnistspec.datasets.stored import Stored
from mnistspec.datasets.waiting import SHAPING
from mnistspec.spec import SourceSpec

# Steps that learn nothing from the examples.
_LEARNING_NOTHING = SHAPING | {"rescale", "cast"}
# More bytes than this are not set aside for arrays that hold nothing.
_MOST = 2**28


def blank_split(source: SourceSpec, facts: DataFacts, *, stored: bool) -> Split | None:
    """The training split in its form: the arrays' names, shapes (examples, ...) and dtypes, and the steps to come.

    `facts` are the prepared data's; `stored` says that inputs that can wait are left as they are stored. None where
    the form is not known to the last size, takes too much memory, or may be another's: of data still to be downloaded.
    """
    here = all(path_of(file).is_file() for file in SOURCES[source.name].files)
    if facts.train is None or facts.y_is_x or not here:
        return None
    waiting = facts.waiting if stored else {}
    x = {name: _blank(facts.train, array, waiting.get(name)) for name, array in facts.x.items()}
    y = {name: _blank(facts.train, array, None) for name, array in facts.y.items()}
    known = {name: array for name, array in x.items() if array is not None}
    learnt = {name: array for name, array in y.items() if isinstance(array, np.ndarray)}
    if len(known) < len(x) or len(learnt) < len(y):
        return None
    if sum(_bytes(array) for array in (*known.values(), *learnt.values())) > _MOST:
        return None
    return Split(known, learnt, known, np.arange(facts.train))


def _blank(count: int, array: ArrayFacts, waiting: Waiting | None) -> Array | Stored | None:
    raw = _zeros(count, array if waiting is None else waiting.array)
    if raw is None or waiting is None:
        return raw
    if not all(step.name in _LEARNING_NOTHING for step in waiting.steps):
        return None
    return Stored(raw, tuple(FittedStep(step.name, step.options) for step in waiting.steps))


def _bytes(array: Array | Stored) -> int:
    return math.prod(array.raw.shape) * array.raw.dtype.itemsize if isinstance(array, Stored) else array.nbytes


def _zeros(count: int, array: ArrayFacts) -> Array | None:
    """Zeros, which take memory only once they are read."""
    shape, dtype = array.shape, array.dtype
    if shape is None or None in shape or dtype in (None, "string") or array.ragged:
        return None
    sizes = (count, *(size for size in shape if size is not None))
    return np.zeros(sizes, dtype) if math.prod(sizes) * np.dtype(dtype).itemsize <= _MOST else None
