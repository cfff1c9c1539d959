"""Arrays of an `.npz` file, read into memory after their headers were checked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from mnistspec.datasets.headers import open_archive, read_header
from mnistspec.datasets.loaded import Array
from mnistspec.datasets.memory import require_memory
from mnistspec.diagnostics import BadData


def read_arrays(path: Path, keys: Iterable[str]) -> dict[str, Array]:
    """The named arrays in the machine's byte order and C order; text as Python strings.

    Raises: DataUnavailable where the file cannot be opened, BadData where it is damaged, or larger than the memory.
    """
    wanted = tuple(dict.fromkeys(keys))
    with open_archive(path) as archive:
        needed = sum(read_header(archive, key, path).data_bytes for key in wanted)
        require_memory(needed, f"{path}")
        return {key: plain_array(_read(archive, key)) for key in wanted}


def _read(archive: zipfile.ZipFile, key: str) -> Array:
    with archive.open(f"{key}.npy") as stream:
        array: Array = np.lib.format.read_array(stream, allow_pickle=False)
        stream.read(1)  # at the end of the member the checksum is compared
    return array


def plain_array(array: Array) -> Array:
    """The array in the machine's byte order and C order; text as Python strings, dtype object."""
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8", "replace")
    if array.dtype.kind == "U":
        return array.astype(object, order="C")
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))


def require_examples(array: Array, where: str) -> None:
    """Raises: BadData for an array without examples along its first axis."""
    if array.ndim == 0 or len(array) == 0:
        raise BadData(f"{where} holds no examples.")
