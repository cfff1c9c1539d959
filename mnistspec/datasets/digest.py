"""One digest over all the data of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from mnistspec.datasets.loaded import Array, RawSplit
from mnistspec.datasets.stored import Stored, parts


def data_digest(splits: Mapping[str, RawSplit]) -> str:
    """The SHA-256 (hex) over names, dtypes, shapes and little-endian bytes of all the arrays of all the splits."""
    digest = hashlib.sha256()
    for split, examples in splits.items():
        for group, arrays in (("x", examples.x), ("y", examples.y)):
            for name, array in arrays.items():
                _add(digest, f"{split}/{group}/{name}", array)
    return digest.hexdigest()


def _add(digest: hashlib._Hash, name: str, array: Array | Stored) -> None:
    digest.update(f"{name}\0{array.dtype.name}\0{array.shape}\0".encode())
    for part in parts(array):
        _add_values(digest, part)


def _add_values(digest: hashlib._Hash, array: Array) -> None:
    if array.dtype == object:
        for item in array.reshape(-1):
            _add_item(digest, item)
        return
    ordered = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    digest.update(ordered.reshape(-1).view(np.uint8).data)


def _add_item(digest: hashlib._Hash, item: object) -> None:
    """One text, or one sequence of numbers, its length first."""
    content = item.encode("utf-8", "surrogatepass") if isinstance(item, str) else np.asarray(item, "<i8").tobytes()
    digest.update(len(content).to_bytes(8, "little"))
    digest.update(content)
