"""`checkpoint/`: the two newest states of a training, numbered files that are each whole or not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

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
    """The newest state that is whole; damaged ones are told and taken away. None where there is none."""
    for path in reversed(checkpoints(folder)):
        try:
            return path, state_from(read_state(path))
        except Damaged as damage:
            warn(f"warning: `{path}` is damaged: {damage}; what was saved before it is used, if anything was")
            path.unlink(missing_ok=True)
    return None


def checkpoints(folder: Path) -> list[Path]:
    """The files in it, the newest last."""
    found = [path for path in folder.glob("*.npz") if path.stem.isdecimal()]
    return sorted(found, key=lambda path: int(path.stem))
