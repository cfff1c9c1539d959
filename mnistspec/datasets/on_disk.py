"""Examples that stay on the disk: rows of a file, in any order, read once they are taken."""

from __future__ import annotations

import math
import os
import weakref
from threading import Lock
from typing import IO, Any, Protocol

import numpy as np

from mnistspec.datasets.loaded import Array, Indices
from mnistspec.diagnostics import BadData
from mnistspec.frozen import dataclass


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


class FileReader:
    """A reader of values (C order) that lie in a file one after the other, `offset` bytes from its start.

    It keeps a handle of its own: the file may be closed, removed or replaced meanwhile. One that is written to would
    give other examples than those that were checked. Several threads may read at a time.
    """

    # Mapped into memory, the pages around each row would count as this process' own: a batch of rows drawn from a large
    # file brings in many times what it holds.
    def __init__(self, file: IO[bytes], shape: tuple[int, ...], dtype: np.dtype[Any], offset: int = 0) -> None:
        self.shape, self.dtype = shape, dtype.newbyteorder("=")
        self._stored, self._offset = dtype, offset
        self._row = dtype.itemsize * math.prod(shape[1:])
        self._handle, self._one_at_a_time = os.dup(file.fileno()), Lock()
        self._name, self._written = file.name, self._last_written()
        weakref.finalize(self, os.close, self._handle)

    def read(self, rows: Indices) -> Array:
        # From the front of the file to its end, as disks like it, and rows that lie together at once.
        order = np.argsort(rows, kind="stable")
        found = np.empty((len(rows), *self.shape[1:]), self.dtype)
        for together in np.split(order, np.flatnonzero(np.diff(rows[order]) != 1) + 1) if len(rows) else []:
            found[together] = self._lying_together(int(rows[together[0]]), len(together))
        if self._last_written() != self._written:
            raise self._changed()
        return found

    def _last_written(self) -> tuple[int, int]:
        state = os.fstat(self._handle)
        return state.st_size, state.st_mtime_ns

    def _changed(self) -> BadData:
        return BadData(f"{self._name}: was written to while it was read; the examples are not what they were.")

    def _lying_together(self, first: int, count: int) -> Array:
        values = np.frombuffer(self._bytes(self._offset + first * self._row, count * self._row), self._stored)
        return values.reshape(count, *self.shape[1:])

    def _bytes(self, begin: int, size: int) -> bytes:
        parts: list[bytes] = []
        with self._one_at_a_time:
            os.lseek(self._handle, begin, os.SEEK_SET)
            while size > 0 and (part := os.read(self._handle, size)):
                parts.append(part)
                size -= len(part)
        if size:
            raise self._changed()
        return parts[0] if len(parts) == 1 else b"".join(parts)
