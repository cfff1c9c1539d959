"""`checkpoint/`: the two newest states of a training, numbered files that are each whole or not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mnistspec.diagnostics import UsageError
from mnistspec.training.state import State, state_from
from mnistspec.training.state_file import Damaged, read_state, write_state

# Should the newest be damaged, by a disk or by hand, the one before it is used.
_KEPT = 2


def save(folder: Path, state: State) -> Path:
    """Writes a state beside those that are there, and takes away all but the newest two. Raises: OSError."""
    folder.mkdir(exist_ok=True)
    before = checkpoints(folder)
    number = int(before[-1].stem) + 1 if before else 1
    path = folder / f"{number:06d}.npz"
    write_state(path, state.plain())
    for old in [*before, path][:-_KEPT]:
        old.unlink(missing_ok=True)
    return path


def newest(folder: Path, warn: Callable[[str], None]) -> tuple[Path, State] | None:
    """The newest state that is whole; damaged ones are told and taken away. None where there is none.

    Raises: UsageError where one cannot be read: it may be whole, and an older one would have it forgotten.
    """
    try:
        return _newest(folder, warn)
    except OSError as error:
        raise UsageError(
            f"`{error.filename or folder}` cannot be read ({error.strerror}); it is left as it is, and the run can be "
            "taken up once it can be read"
        ) from error


def _newest(folder: Path, warn: Callable[[str], None]) -> tuple[Path, State] | None:
    for path in reversed(checkpoints(folder)):
        try:
            return path, state_from(read_state(path))
        except Damaged as damage:
            warn(f"warning: `{path}` is damaged: {damage}; what was saved before it is used, if anything was")
            path.unlink(missing_ok=True)
    return None


def checkpoints(folder: Path) -> list[Path]:
    """The files in it, the newest last; none where there is no such folder. Raises: OSError."""
    entries = folder.iterdir() if folder.exists() else ()
    found = [path for path in entries if path.suffix == ".npz" and path.stem.isdecimal()]
    return sorted(found, key=lambda path: int(path.stem))
