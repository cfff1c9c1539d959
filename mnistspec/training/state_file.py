"""The file of a state: nested plain data and arrays in one `.npz` without pickles, and the SHA-256 of it all inside."""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from mnistspec.disk import replace_whole

FORMAT = 1
# A map with this one key stands for the array of that number.
_ARRAY = "array of number"
# What the zip adds for each array, and for itself (bytes), on the large side.
_PER_ARRAY = 1024


class Damaged(Exception):
    """A file of a state that is not whole, or not one."""


class OtherFormat(Exception):
    """A whole file that another version of this program wrote."""


def write_state(path: Path, state: Mapping[str, Any]) -> None:
    """Writes maps, lists, numbers, strings and arrays; lists and tuples come back as lists. Raises: OSError."""
    arrays: list[NDArray[Any]] = []
    text = json.dumps({"format": FORMAT, "state": _packed(state, arrays), "arrays": [_kind(one) for one in arrays]})
    members = {"state": np.frombuffer(text.encode(), np.uint8)}
    members |= {f"{number:06d}": _bytes(array) for number, array in enumerate(arrays)}
    members["digest"] = np.frombuffer(_digest(members), np.uint8)

    def fill(temporary: Path) -> None:
        np.savez(temporary, **members)  # type: ignore[arg-type]  # NumPy's own flag is among the names

    replace_whole(path, fill, size=sum(member.nbytes + _PER_ARRAY for member in members.values()))


def read_state(path: Path) -> dict[str, Any]:
    """What was written.

    Raises: Damaged for a file that is not, bit for bit, what was written; OtherFormat; OSError and MemoryError for one
    that cannot be read.
    """
    try:
        with path.open("rb") as stream:
            members = _members(stream)
        written = members.pop("digest").tobytes()
        if _digest(members) != written:
            raise Damaged("its digest is not that of what it holds")
        told = json.loads(members["state"].tobytes())
        arrays = [_array(members[f"{number:06d}"], kind) for number, kind in enumerate(told["arrays"])]
        state: dict[str, Any] = _unpacked(told["state"], arrays)
    except OSError as error:
        # A place in the file that cannot be, where its table of contents is damaged, is refused by the system.
        if error.errno not in (None, errno.EINVAL):
            raise
        raise Damaged(f"it is no whole file ({error})") from error
    except (Damaged, MemoryError):
        raise
    except Exception as error:
        # A damaged file can fail in as many ways as NumPy, ZIP and Python's tokenizer have.
        raise Damaged(f"it is no whole file ({error})") from error
    if told["format"] != FORMAT:
        raise OtherFormat
    return state


def _members(stream: BinaryIO) -> dict[str, NDArray[np.uint8]]:
    if stream.read(4) != b"PK\3\4":  # else NumPy takes it for a pickle, and says how to load one all the same
        raise Damaged("it is no archive")
    stream.seek(0)
    with np.load(stream, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def _packed(value: Any, arrays: list[NDArray[Any]]) -> Any:
    """The value as JSON has it, its arrays put aside."""
    if isinstance(value, Mapping):
        return {name: _packed(one, arrays) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_packed(one, arrays) for one in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    arrays.append(np.asarray(value))
    return {_ARRAY: len(arrays) - 1}


def _unpacked(value: Any, arrays: list[NDArray[Any]]) -> Any:
    if isinstance(value, list):
        return [_unpacked(one, arrays) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {_ARRAY}:
        return arrays[value[_ARRAY]]
    return {name: _unpacked(one, arrays) for name, one in value.items()}


def _kind(array: NDArray[Any]) -> list[Any]:
    return [array.dtype.name, list(array.shape)]


def _bytes(array: NDArray[Any]) -> NDArray[np.uint8]:
    """The array's bytes: NumPy's format does not know such dtypes as bfloat16."""
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)


def _array(member: NDArray[np.uint8], kind: list[Any]) -> NDArray[Any]:
    name, shape = kind
    dtype = np.dtype(getattr(ml_dtypes, name, name))
    array: NDArray[Any] = member.view(dtype).reshape(shape)
    return array


def _digest(members: Mapping[str, NDArray[np.uint8]]) -> bytes:
    hashed = hashlib.sha256()
    for name, member in members.items():
        hashed.update(f"{name} {member.size} ".encode())
        hashed.update(np.ascontiguousarray(member).data)
    return hashed.digest()
