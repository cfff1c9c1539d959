"""Files written whole or not at all, and room on the disk looked for first: HDF5 does not survive a full disk."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

# What is written under a temporary name has this before it; a process that was killed leaves one behind.
WRITING = ".writing-"


def require_room(folder: Path, size: int) -> None:
    """Raises: OSError, as a failed write would, when a file of `size` bytes has no room in a folder."""
    # To set the room aside instead would fill the disk for a moment, for everybody.
    if shutil.disk_usage(folder).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def replace_whole(path: Path, fill: Callable[[Path], None], *, size: int = 0) -> None:
    """Lets `fill` write a file under a temporary name with the same ending, syncs it, and renames it into place.

    `size` is about how many bytes it will have, where that is known. Raises: OSError; nothing is left behind then.
    """
    # Keras tells a model from its weights by the whole ending, `.weights.h5`.
    handle, name = tempfile.mkstemp(prefix=WRITING, suffix="".join(path.suffixes), dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        require_room(path.parent, size)
        fill(temporary)
        _sync(temporary)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
        _sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Takes away what a process that was killed while writing has left in a folder and those below."""
    for path in folder.rglob(f"{WRITING}*"):
        path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    """Makes the renaming itself last; where folders cannot be opened or synced, the system sees to that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _umask() -> int:
    """The mode bits that new files leave out; reading them means setting them for a moment."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
