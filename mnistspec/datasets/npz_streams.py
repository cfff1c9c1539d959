"""Arrays of an `.npz` file that stay on the disk: read where they lie, unpacked first where they are compressed."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from mnistspec.datasets.headers import ArrayHeader, open_archive, read_header
from mnistspec.datasets.loaded import Array, Held, Say
from mnistspec.datasets.npz_arrays import read_arrays, require_numbers
from mnistspec.datasets.on_disk import FileReader, all_of
from mnistspec.datasets.stored import Stored, parts
from mnistspec.datasets.unpacked import place, require_room_for, unpacked
from mnistspec.diagnostics import BadData

# Bytes of a file read at a time, where all of it is.
_AT_ONCE = 2**20
# Bytes of unprepared examples beyond which those are left on the disk that are not asked to be in memory. Prepared they
# take four times as much, and are held twice: by NumPy and by the backend.
LARGE = 2**26
# In the local header before each member's bytes: where the lengths of its name and its extra field stand.
_LOCAL_HEADER = 30


def stream_arrays(path: Path, keys: Iterable[str], say: Say) -> dict[str, Array | Stored]:
    """As `read_arrays`, but arrays of several numbers an example are left on the disk. Raises: as `read_arrays`."""
    wanted = tuple(dict.fromkeys(keys))
    with open_archive(path) as archive:
        headers = {key: read_header(archive, key, path) for key in wanted}
        found = {
            key: _streamed(archive, key, header, path, say) for key, header in headers.items() if can_stream(header)
        }
    for key, held in found.items():
        require_numbers(parts(held), f"{path}: `{key}`")
    return {**found, **read_arrays(path, (key for key in wanted if key not in found))}


def read_unless_large(path: Path, keys: Iterable[str], say: Say) -> Held:
    """As `stream_arrays` where there are many examples, else as `read_arrays`. Raises: as `read_arrays`."""
    wanted = tuple(dict.fromkeys(keys))
    with open_archive(path) as archive:
        size = sum(read_header(archive, key, path).data_bytes for key in wanted)
    return stream_arrays(path, wanted, say) if size > LARGE else read_arrays(path, wanted)


def can_stream(header: ArrayHeader) -> bool:
    """Whether examples can be read one by one, and are more than a number each: labels are looked at as a whole."""
    return not header.fortran and header.dtype != "string" and math.prod(header.shape[1:]) > 1


def _streamed(archive: zipfile.ZipFile, key: str, header: ArrayHeader, path: Path, say: Say) -> Stored:
    member = archive.getinfo(f"{key}.npy")
    dtype = np.dtype(header.code)
    if member.compress_type != zipfile.ZIP_STORED:
        require_room_for(header.data_bytes, f"{path}: `{key}`")
        say(f"unpacking `{key}` of {path} into {place()}, for this run only")
        return _held(unpacked(_values(archive, member, header), header.shape, dtype))
    for _ in _values(archive, member, header):
        pass  # at the end of the member the checksum is compared
    with path.open("rb") as file:
        return _held(FileReader(file, header.shape, dtype, _begin(file, member, path) + header.offset))


def _held(reader: FileReader) -> Stored:
    return Stored(all_of(reader), ())


def _values(archive: zipfile.ZipFile, member: zipfile.ZipInfo, header: ArrayHeader) -> Iterator[bytes]:
    with archive.open(member) as stream:
        stream.read(header.offset)
        while part := stream.read(_AT_ONCE):
            yield part


def _begin(file: Any, member: zipfile.ZipInfo, path: Path) -> int:
    """Where a member's bytes begin in the file."""
    file.seek(member.header_offset)
    local = file.read(_LOCAL_HEADER)
    if len(local) < _LOCAL_HEADER:
        raise BadData(f"{path}: not a whole .npz file.")
    name, extra = int.from_bytes(local[26:28], "little"), int.from_bytes(local[28:30], "little")
    return member.header_offset + _LOCAL_HEADER + name + extra
