"""Examples that stay on the disk: rows of a file, in any order, read once they are taken."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from typing import IO, Any, Protocol

import numpy as np

from mnistspec.datasets.loaded import Array, Indices


class Reader(Protocol):
    """What reads examples: `shape` with all of them first, the machine's byte order in `dtype`."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    @property
    def dtype(self) -> np.dtype[Any]: ...

    def read(self, rows: Indices) -> Array:
        """The examples (rows, ...) of these rows, in their order, as a new array."""
        ...


@dataclass(frozen=True, eq=False)
class OnDisk:
    """Some of a reader's examples by row, in an order of their own: taking a part of them reads nothing yet."""

    reader: Reader
    rows: Indices

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, chosen: slice | Indices) -> OnDisk:
        return OnDisk(self.reader, self.rows[chosen])

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self.rows), *self.reader.shape[1:])

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.reader.dtype

    def read(self) -> Array:
        """All of the examples as an array."""
        return self.reader.read(self.rows)


def all_of(reader: Reader) -> OnDisk:
    return OnDisk(reader, np.arange(reader.shape[0], dtype=np.int64))


class Mapped:
    """A reader of values (C order) that lie in a file one after the other, `offset` bytes from its start.

    The file may be closed or removed meanwhile. The pages that a read has touched are let go at once, so that the
    process stays small; the system keeps them as long as it has memory to spare.
    """

    def __init__(self, file: IO[bytes], shape: tuple[int, ...], dtype: np.dtype[Any], offset: int = 0) -> None:
        self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._values: Array = np.ndarray(shape, dtype, buffer=self._map, offset=offset)
        self.shape, self.dtype = shape, dtype.newbyteorder("=")

    def read(self, rows: Indices) -> Array:
        found = self._ordered(rows)
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)
        return found

    def _ordered(self, rows: Indices) -> Array:
        if len(rows) and bool((np.diff(rows) == 1).all()):
            return self._values[rows[0] : rows[-1] + 1].astype(self.dtype)
        # From the front of the file to its end, as disks like it.
        order = np.argsort(rows, kind="stable")
        found = np.empty((len(rows), *self.shape[1:]), self.dtype)
        found[order] = self._values[rows[order]]
        return found
