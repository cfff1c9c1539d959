"""A table laid out as the run's own was: read as a whole, or where it is large, its inputs left on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from mnistspec.datasets.csv_arrays import arrays_of, read_table
from mnistspec.datasets.csv_table import open_table, require_columns
from mnistspec.datasets.layouts import TableLayout
from mnistspec.datasets.loaded import Array, Arrays, RawSplit, Say
from mnistspec.datasets.npz_streams import LARGE
from mnistspec.datasets.on_disk import all_of
from mnistspec.datasets.stored import Stored, whole
from mnistspec.datasets.unpacked import has_room, place, unpacked_arrays

# Values read at a time.
_VALUES = 2**18


def read_like(path: Path, layout: TableLayout, say: Say) -> RawSplit:
    """The arrays of a file by a layout that knows all words; `say` is told where that takes long.

    Raises: DataUnavailable for no file, BadData with line and column for a value that does not fit.
    """
    size = path.stat().st_size if path.is_file() else 0
    # A number takes four bytes on the disk, and two at least as text; texts stay in memory.
    if size <= LARGE or layout.text or not has_room(2 * size):
        return read_table(path, layout, layout)[0]
    say(f"unpacking {path} into {place()}, for this run only")
    return _on_disk(path, layout)


def _on_disk(path: Path, layout: TableLayout) -> RawSplit:
    labels: dict[str, list[Array]] = {name: [] for name in layout.labels}

    def inputs() -> Iterator[Arrays]:
        for part in _parts(path, layout):
            for name, array in part.y.items():
                labels[name].append(whole(array))
            yield {name: whole(array) for name, array in part.x.items()}

    x = {name: Stored(all_of(reader), ()) for name, reader in unpacked_arrays(inputs()).items()}
    return RawSplit(x, {name: _joined(parts) for name, parts in labels.items()})


def _parts(path: Path, layout: TableLayout) -> Iterator[RawSplit]:
    """Some rows after the other. Raises: as `read_like`."""
    at_once = max(1, _VALUES // max(1, len(layout.columns())))
    with open_table(path, layout.delimiter) as table:
        require_columns(layout.columns(), table.header, path)
        some = list(islice(table.rows, at_once))
        yield arrays_of(replace(table, rows=iter(some)), layout, layout)[0]  # which refuses a table without rows
        while some := list(islice(table.rows, at_once)):
            yield arrays_of(replace(table, rows=iter(some)), layout, layout)[0]


def _joined(parts: list[Array]) -> Array:
    """Labels are integers where all of them are, as in a file that is read as a whole."""
    joined = np.concatenate(parts)
    return joined if all(part.dtype == parts[0].dtype for part in parts) else joined.astype(np.float32)
