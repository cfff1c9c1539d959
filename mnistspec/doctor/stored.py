"""Which published data sets lie in Keras' folder, and whether they are what was published."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from mnistspec.diagnostics import DataUnavailable
from mnistspec.frozen import dataclass

if TYPE_CHECKING:
    from mnistspec.datasets.cache import DatasetState

PACKAGED = "mnist_sample"


@dataclass(frozen=True)
class Stored:
    """One data set: `damaged` is a file that is not what was published, `unreadable` one that cannot be opened."""

    name: str
    state: Literal["good", "absent", "damaged", "unreadable"]
    bytes: int = 0
    files: tuple[str, ...] = ()


def stored_datasets() -> tuple[Stored, ...]:
    """Every published data set and the packaged sample, compared by digest; reads each file that is there."""
    # Imported here: the data sets bring the whole catalogue of Keras' classes with them, which no other check needs.
    from mnistspec.datasets.cache import names, state, states

    try:
        return tuple(_stored(found) for found in states())
    except DataUnavailable:
        # One file that cannot be opened hides all; then each data set is asked for by itself.
        return tuple(_alone(name, state) for name in names())


def _alone(name: str, look: Callable[[str], DatasetState]) -> Stored:
    try:
        return _stored(look(name))
    except DataUnavailable as error:
        return Stored(name, "unreadable", files=(str(error),))


def _stored(found: DatasetState) -> Stored:
    state: Literal["good", "absent", "damaged"] = (
        "good" if found.usable else "damaged" if _is_damaged(found) else "absent"
    )
    return Stored(found.name, state, found.bytes, tuple(str(file.path) for file in found.files))


def _is_damaged(found: DatasetState) -> bool:
    """Whether a file is there that is not what was published; of several files, some may still be absent."""
    return any(file.bytes and not file.state.usable for file in found.files)
