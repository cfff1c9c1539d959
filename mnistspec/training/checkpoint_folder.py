"""`checkpoint/`: the two newest states of a training, numbered files that are each whole or not there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mnistspec.diagnostics import UsageError
from mnistspec.training.state import State, state_from
from mnistspec.training.state_file import Damaged, OtherFormat, read_state, write_state

# Should the newest be damaged, by a disk or by hand, the one before it is used.
_KEPT = 2


def save(folder: Path, state: State) -> Path:
    """Writes a state beside those that are there, and takes away all but the newest two. Raises: OSError."""
    folder.mkdir(exist_ok=True)
    before = checkpoints(folder)
    number = int(before[-1].stem) + 1 if before else 1
    path = folder / f"{number:06d}.npz"
    write_state(path, state.plain())
    for old in [*(one for one in before if not one.is_dir()), path][:-_KEPT]:
        old.unlink(missing_ok=True)
    return path


def newest(folder: Path, warn: Callable[[str], None]) -> tuple[Path, State] | None:
    """The newest state that is whole; damaged ones are told and taken away. None where there is none.

    Raises: UsageError where one cannot be read: it may be whole, and an older one would have it forgotten.
    """
    try:
        for path in reversed(checkpoints(folder)):
            state = _whole(path, warn)
            if state is not None:
                return path, state
    except OSError as error:
        raise _unread(error.filename or folder, error.strerror or str(error)) from error
    return None


def _whole(path: Path, warn: Callable[[str], None]) -> State | None:
    """Raises: OSError, UsageError."""
    if path.is_dir():
        warn(f"warning: `{path}` is a folder and no state; what was saved before it is used, if anything was")
        return None
    try:
        return state_from(read_state(path))
    except Damaged as damage:
        warn(f"warning: `{path}` is damaged: {damage}; what was saved before it is used, if anything was")
        with suppress(PermissionError):  # where it has to stay it is passed over again
            path.unlink(missing_ok=True)
    except OtherFormat as error:
        raise _unread(path, "another version of mnistspec wrote it") from error
    except MemoryError as error:
        raise _unread(path, "there is not enough memory") from error
    return None


def _unread(path: Path | str, why: str) -> UsageError:
    return UsageError(
        f"`{path}` cannot be read ({why}); it is left as it is, and the run can be taken up once it can be read"
    )


def checkpoints(folder: Path) -> list[Path]:
    """The files in it, the newest last; none where there is no such folder. Raises: OSError."""
    entries = folder.iterdir() if folder.exists() else ()
    found = [path for path in entries if path.suffix == ".npz" and path.stem.isdecimal()]
    return sorted(found, key=lambda path: int(path.stem))
