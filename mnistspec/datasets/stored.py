"""Arrays as the source has them with the steps that are still to come: a part is prepared when it is taken."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from mnistspec.datasets.fitted import FittedStep
from mnistspec.datasets.loaded import Array, Indices
from mnistspec.datasets.memory import require_memory
from mnistspec.datasets.on_disk import OnDisk
from mnistspec.datasets.step_arrays import apply
from mnistspec.frozen import dataclass

# Values taken at a time, where all are gone through.
_VALUES = 2**22


@dataclass(frozen=True, eq=False)
class Stored:
    """Examples (examples, ...) as they are stored, in memory or on the disk, and the fitted steps that prepare them.

    None of the steps can fail on them.
    """

    raw: Array | OnDisk
    steps: tuple[FittedStep, ...]

    def __len__(self) -> int:
        return len(self.raw)

    def __getitem__(self, rows: slice | Indices) -> Stored:
        """Some of the examples, still to be prepared."""
        return Stored(self.raw[rows], self.steps)

    @property
    def streams(self) -> bool:
        """Whether the examples stay on the disk."""
        return isinstance(self.raw, OnDisk)

    @property
    def shape(self) -> tuple[int, ...]:
        """What the shape of all will be once they are prepared."""
        return (len(self), *self._example().shape[1:])

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype that they will have."""
        return self._example().dtype

    def _example(self) -> Array:
        return self[:1].whole() if self.steps else np.empty((1, *self.raw.shape[1:]), self.raw.dtype)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.asarray(self.whole(), dtype)

    def whole(self) -> Array:
        """All of the examples, prepared. Raises: BadData where what is on the disk has no room in the memory."""
        array = _in_memory(self.raw)
        for step in self.steps:
            array = apply(step, array)
        return array


def whole(held: Array | Stored) -> Array:
    """The examples prepared, whatever form they are held in."""
    return held.whole() if isinstance(held, Stored) else held


def _in_memory(raw: Array | OnDisk) -> Array:
    if not isinstance(raw, OnDisk):
        return raw
    require_memory(math.prod(raw.shape) * raw.dtype.itemsize, "all of what is on the disk")
    return raw.read()


def parts(held: Array | Stored) -> Iterator[Array]:
    """The examples from the first to the last, prepared, so many at a time that little memory is taken."""
    if not isinstance(held, Stored):
        yield held
        return
    rows = max(1, _VALUES // max(1, math.prod(held.raw.shape[1:])))
    for start in range(0, len(held), rows):
        yield held[start : start + rows].whole()


def ends(held: Array | Stored) -> tuple[float, float]:
    """The smallest and the largest of all the values, prepared."""
    found = [(float(part.min()), float(part.max())) for part in parts(held)]
    return min(low for low, _ in found), max(high for _, high in found)


def extremes(held: Stored) -> tuple[float, float]:
    """The smallest and the largest value that the examples have once they are prepared."""
    if isinstance(held.raw, OnDisk):
        return ends(held)
    # At each place of an example the steps only stretch and move, so that the ends stay the ends.
    return ends(Stored(np.stack([held.raw.min(axis=0), held.raw.max(axis=0)]), held.steps).whole())
