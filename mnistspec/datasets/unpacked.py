"""Files of this process alone, for examples that a source does not hold as plain values: gone once it ends."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from mnistspec.datasets.on_disk import FileReader
from mnistspec.diagnostics import BadData, DataUnavailable

# What has to stay free on the disk beside such a file.
_LEFT_FREE = 2**28
# Linux' folder for larger temporary files, and what it says of the file systems.
_ON_DISK, _MOUNTS = Path("/var/tmp"), Path("/proc/mounts")


def place() -> Path:
    """The folder for such files: the system's for temporary files, which `TMPDIR` sets; not one that lies in memory."""
    usual = Path(tempfile.gettempdir())
    if "TMPDIR" not in os.environ and _in_memory(usual) and os.access(_ON_DISK, os.W_OK):
        return _ON_DISK
    return usual


def _in_memory(folder: Path) -> bool:
    """Whether the folder's files take up memory, as those of `/tmp` do on many systems."""
    try:
        mounts = _MOUNTS.read_text("utf-8", "replace").splitlines()
    except OSError:  # not Linux
        return False
    return any(line.split()[1:3] == [str(folder), "tmpfs"] for line in mounts)


def has_room(size: int) -> bool:
    """Whether a file of `size` bytes leaves something free."""
    return shutil.disk_usage(place()).free >= size + _LEFT_FREE


def require_room_for(size: int, what: str) -> None:
    """Raises: BadData where a file of `size` bytes has no room."""
    if not has_room(size):
        free = shutil.disk_usage(place()).free
        raise BadData(
            f"{what} takes {size / 2**30:,.1f} GiB in {place()} once it is unpacked, and {free / 2**30:,.1f} GiB are"
            " free: set TMPDIR to a folder with more room, or save uncompressed arrays with `numpy.savez`."
        )


def unpacked(parts: Iterable[bytes | memoryview], shape: tuple[int, ...], dtype: np.dtype[Any]) -> FileReader:
    """The values in the parts as a file, which has no name where the system can do without one.

    Raises: DataUnavailable where it cannot be written.
    """
    try:
        with _nameless() as file:
            _fill(file, parts)
            return FileReader(file, shape, dtype)
    except OSError as error:
        raise _unwritable(error) from error


def unpacked_arrays(parts: Iterable[Mapping[str, NDArray[Any]]]) -> dict[str, FileReader]:
    """Arrays by name whose examples come in parts, a file each. Raises: DataUnavailable where it cannot be written."""
    try:
        with ExitStack() as opened:
            files: dict[str, IO[bytes]] = {}
            empty: dict[str, NDArray[Any]] = {}
            count = 0
            for part in parts:
                count += len(next(iter(part.values())))
                empty = {name: array[:0] for name, array in part.items()}
                for name, array in part.items():
                    if name not in files:
                        files[name] = opened.enter_context(_nameless())
                    files[name].write(np.ascontiguousarray(array).data)
            for file in files.values():
                file.flush()
            return {name: FileReader(files[name], (count, *one.shape[1:]), one.dtype) for name, one in empty.items()}
    except OSError as error:
        raise _unwritable(error) from error


def _nameless() -> IO[bytes]:
    return tempfile.TemporaryFile(dir=place(), prefix="mnistspec-")


def _unwritable(error: OSError) -> DataUnavailable:
    return DataUnavailable(f"{place()}: cannot be written ({error.strerror or error}).")


def _fill(file: IO[bytes], parts: Iterable[bytes | memoryview]) -> None:
    for part in parts:
        file.write(part)
    file.flush()
