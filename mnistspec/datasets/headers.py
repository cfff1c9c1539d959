"""The arrays of an `.npz` file, known from its headers alone: a zip of `.npy` members, format versions 1 to 3.

Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from mnistspec.diagnostics import BadData, DataUnavailable
from mnistspec.frozen import dataclass

if TYPE_CHECKING:
    import zipfile

_MAGIC = b"\x93NUMPY"
_LONGEST_HEADER = 4096
_DESCRIPTION = re.compile(r"[<>|=]?([a-zA-Z])(\d+)")
_KINDS = {"u": "uint", "i": "int", "f": "float"}


@dataclass(frozen=True)
class ArrayHeader:
    """One array of a file: `shape` with the examples first, the dtype's name and NumPy's `code` of it, and bytes."""

    shape: tuple[int, ...]
    dtype: str
    item_bytes: int
    fortran: bool
    offset: int
    code: str = ""

    @property
    def data_bytes(self) -> int:
        return math.prod(self.shape) * self.item_bytes


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """The zip archive at `path`. Raises: DataUnavailable where it cannot be opened, BadData where it is damaged."""
    import zipfile
    import zlib

    # Whatever the damage; NotImplementedError is an unknown compression method.
    damage = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, KeyError, RuntimeError)
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except OSError as error:
        raise DataUnavailable(f"{path}: cannot be read ({error.strerror or error}).") from error
    except damage as error:
        raise BadData(f"{path}: not a whole .npz file ({error}).") from error


def keys_of(archive: zipfile.ZipFile) -> tuple[str, ...]:
    """The names of the arrays in an archive."""
    return tuple(name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy"))


def read_header(archive: zipfile.ZipFile, key: str, path: Path) -> ArrayHeader:
    """The header of one array. Raises: BadData for one that is damaged, or of values that are no numbers or text."""
    member = archive.getinfo(f"{key}.npy")
    with archive.open(member) as stream:
        header = parse_header(stream, f"{path}: `{key}`")
    if header.offset + header.data_bytes != member.file_size:
        raise BadData(
            f"{path}: `{key}` is damaged: {member.file_size - header.offset} bytes where its header"
            f" announces {header.data_bytes}."
        )
    return header


def parse_header(stream: IO[bytes], where: str) -> ArrayHeader:
    """Reads the start of a `.npy` stream, at most 4 KiB. Raises: BadData, `where` naming the array."""
    start = stream.read(12)
    if start[:6] != _MAGIC or len(start) < 12 or start[6] not in (1, 2, 3):
        raise BadData(f"{where} is not an array of NumPy's format.")
    wide = start[6] > 1
    length = int.from_bytes(start[8:12] if wide else start[8:10], "little")
    if length > _LONGEST_HEADER:
        raise BadData(f"{where} has a header of {length} bytes, longer than any honest one.")
    text = (b"" if wide else start[10:]) + stream.read(length if wide else length - 2)
    fields = _fields(text, where)
    dtype, item_bytes = _dtype(fields["descr"], where)
    return ArrayHeader(
        _shape(fields["shape"], where),
        dtype,
        item_bytes,
        bool(fields["fortran_order"]),
        _offset(wide, length),
        str(fields["descr"]),
    )


def _offset(wide: bool, length: int) -> int:
    return (12 if wide else 10) + length


def _fields(text: bytes, where: str) -> Mapping[str, object]:
    try:
        fields = ast.literal_eval(text.decode("utf-8").strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise BadData(f"{where} has a damaged header.") from error
    if not isinstance(fields, dict) or fields.keys() != {"descr", "fortran_order", "shape"}:
        raise BadData(f"{where} has a damaged header.")
    return fields


def _shape(shape: object, where: str) -> tuple[int, ...]:
    if not isinstance(shape, tuple) or not all(type(size) is int and size >= 0 for size in shape):
        raise BadData(f"{where} has a damaged header.")
    return shape


def _dtype(description: object, where: str) -> tuple[str, int]:
    """The dtype's name and the bytes of one value."""
    match = _DESCRIPTION.fullmatch(description) if isinstance(description, str) else None
    if match is None:
        raise BadData(f"{where} holds records or Python objects, which are not read: save plain arrays of numbers.")
    kind, size = match[1], int(match[2])
    if kind == "b" and size == 1:
        return "bool", 1
    if kind in _KINDS and size in (1, 2, 4, 8) and (kind != "f" or size > 1):
        return f"{_KINDS[kind]}{8 * size}", size
    if kind in "US":
        return "string", size * (4 if kind == "U" else 1)
    raise BadData(f"{where} holds values of the type {description!r}; numbers, true/false and text can be used.")
