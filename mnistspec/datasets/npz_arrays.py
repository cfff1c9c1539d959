"""Arrays of an `.npz` file, read into memory after their headers were checked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from mnistspec.datasets.headers import open_archive, read_header
from mnistspec.datasets.loaded import Array
from mnistspec.datasets.memory import require_memory
from mnistspec.datasets.stored import Stored
from mnistspec.diagnostics import BadData

# Examples looked through at a time, so that looking takes little memory.
_AT_ONCE = 1024


def read_arrays(path: Path, keys: Iterable[str]) -> dict[str, Array]:
    """The named arrays in the machine's byte order and C order; text as Python strings.

    Raises: DataUnavailable where the file cannot be opened, BadData where it is damaged, larger than the memory, or
    holds NaN or infinity.
    """
    wanted = tuple(dict.fromkeys(keys))
    with open_archive(path) as archive:
        needed = sum(read_header(archive, key, path).data_bytes for key in wanted)
        require_memory(needed, f"{path}")
        arrays = {key: plain_array(_read(archive, key)) for key in wanted}
    for key, array in arrays.items():
        require_numbers(_looked_through(array), f"{path}: `{key}`")
    return arrays


def require_numbers(parts: Iterable[Array], where: str) -> None:
    """One NaN makes a model of NaNs out of all that it learnt, without a word. Raises: BadData."""
    start = 0
    for part in parts:
        if part.dtype.kind != "f":
            return
        finite = np.isfinite(part)
        if not finite.all():
            example = start + int(np.argmin(finite.reshape(len(finite), -1).all(axis=1)))
            raise BadData(f"{where} holds a value that is no finite number (NaN or infinity), in example {example}.")
        start += len(part)


def _looked_through(array: Array) -> Iterator[Array]:
    for start in range(0, len(array) if array.ndim else 0, _AT_ONCE):
        yield array[start : start + _AT_ONCE]


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


def require_one_length(arrays: Mapping[str, Array | Stored], path: Path) -> None:
    """Raises: BadData for arrays of several numbers of examples."""
    if len({len(array) for array in arrays.values()}) > 1:
        told = ", ".join(f"`{name}` {len(array)}" for name, array in arrays.items())
        raise BadData(f"{path}: the arrays differ in the number of examples: {told}.")


def require_examples(array: Array | Stored, where: str) -> None:
    """Raises: BadData for an array without examples along its first axis."""
    if array.ndim == 0 or len(array) == 0:
        raise BadData(f"{where} holds no examples.")
