"""A run's folder, `OUT/NAME/NNN/`: made once, never overwritten, every file written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from mnistspec.diagnostics import OutputFailed
from mnistspec.disk import replace_whole

# The weights that a training began with, where they were given.
INITIAL_WEIGHTS = "initial.weights.h5"
_MOST_RUNS = 100_000
# The ways out that a new run has, and one that is taken up in its own folder.
_ELSEWHERE = "name another folder with `--out`"
_COPIED = "copy the run's folder to another place and go on there: `mnistspec run --resume COPY`"
_CHUNK = 1024 * 1024


def new_folder(out: Path, name: str) -> Path:
    """A fresh folder `out/name/NNN`, NNN one more than the highest there; two programs at once get two folders.

    Raises: OutputFailed when the folder cannot be made or written to.
    """
    parent = out / name
    with writing(parent):
        parent.mkdir(parents=True, exist_ok=True)
        number = max((int(entry.name) for entry in parent.iterdir() if entry.name.isdecimal()), default=0) + 1
        while number < _MOST_RUNS:
            folder = parent / f"{number:03d}"
            try:
                folder.mkdir(parents=True)
            except FileExistsError:
                number += 1
                continue
            return folder
    raise OutputFailed(f"`{parent}` holds {_MOST_RUNS} runs already", _ELSEWHERE)


def discard(folder: Path) -> None:
    """Takes away a run's folder, and the folder of its name where that was the only run."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.parent.rmdir()


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns what the system says about a failed write into one sentence with a way out."""
    try:
        yield
    except OSError as error:
        raise failure_of(error, path) from error


def failure_of(error: OSError, path: Path) -> OutputFailed:
    """What the system says about a failed write, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputFailed(f"the disk is full: `{path}` could not be written", "free some space", _ELSEWHERE)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return OutputFailed(f"`{path}` may not be written to", "allow it", _ELSEWHERE)
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return OutputFailed(f"`{path}` cannot be made a folder, since a file stands in its place", _ELSEWHERE)
    if error.errno == errno.EISDIR:
        return OutputFailed(f"`{path}` could not be written, since a folder stands in its place", "move that away")
    if error.errno == errno.EFBIG:
        return OutputFailed(f"`{path}` is larger than files may be here", "allow larger ones", _ELSEWHERE)
    return OutputFailed(f"`{path}` could not be written: {error.strerror or error}")


@contextmanager
def in_its_own_folder() -> Iterator[None]:
    """Inside, a run is taken up where it lies, and no other folder can be named for it."""
    try:
        yield
    except OutputFailed as error:
        if _ELSEWHERE not in error.ways:
            raise
        raise OutputFailed(error.fact, *(way for way in error.ways if way != _ELSEWHERE), _COPIED) from error


def write_text(path: Path, text: str) -> None:
    """Writes a text file by way of a temporary name. Raises: OutputFailed."""

    def fill(temporary: Path) -> None:
        temporary.write_text(text, encoding="utf-8", newline="")

    write_whole(path, fill)


def write_json(path: Path, data: Any) -> None:
    """Writes a JSON file by way of a temporary name. Raises: OutputFailed."""
    write_text(path, json_text(data) + "\n")


def json_text(data: Any) -> str:
    """Plain data as JSON that every program reads: NaN and infinity, which JSON does not have, as null."""
    return json.dumps(_finite(data), indent=2, ensure_ascii=False, allow_nan=False)


def _finite(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {name: _finite(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


def write_whole(path: Path, fill: Callable[[Path], None], *, size: int = 0) -> None:
    """Lets `fill` write a file under a temporary name with the same ending, then renames it into place.

    `size` is about how many bytes it will have, where that is known: room for them is looked for first.
    Raises: OutputFailed; nothing is left behind then.
    """
    with writing(path):
        replace_whole(path, fill, size=size)


def digest_of(path: Path) -> dict[str, Any]:
    """SHA-256 (hex) and size (bytes) of a file."""
    hashed = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            hashed.update(chunk)
    return {"sha256": hashed.hexdigest(), "bytes": path.stat().st_size}
