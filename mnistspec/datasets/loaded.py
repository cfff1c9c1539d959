"""Arrays as they flow through this room: what a source reads (`RawData`) and what training gets (`LoadedData`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from mnistspec.datasets.facts import DataFacts
from mnistspec.frozen import dataclass

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mnistspec.datasets.layouts import Layout
    from mnistspec.datasets.preparation import Preparation
    from mnistspec.datasets.stored import Stored

Array: TypeAlias = "NDArray[Any]"
Arrays: TypeAlias = "Mapping[str, Array]"
# Prepared arrays, and such as are prepared once a part of them is taken.
Held: TypeAlias = "Mapping[str, Array | Stored]"
Indices: TypeAlias = "NDArray[np.int64]"
# What tells the user how a slow thing is going: one line of text at a time.
Say: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class RawSplit:
    """Examples as the source holds them: arrays (examples, ...) by name, all of one length, or left on the disk."""

    x: Held
    y: Held

    @property
    def size(self) -> int:
        """How many examples there are."""
        return len(next(iter(self.x.values())))


@dataclass(frozen=True, eq=False)
class RawData:
    """All that a source reads. Without a `test` split, `facts.held_out` of the training examples becomes one.

    `facts` say what the arrays alone do not (the classes, the class names), `origin` which source it really was,
    `layout` how raw input in files becomes such arrays, `notes` what the reader of a report should know.
    """

    train: RawSplit
    test: RawSplit | None
    facts: DataFacts
    origin: str
    notes: tuple[str, ...] = ()
    layout: Layout | None = None


@dataclass(frozen=True)
class Request:
    """What a source is asked with besides its options.

    `folder` is where relative paths start, `offline` what `data.offline` says. `say` is told how it goes, `warn` what
    must not go unheard. `like` is the layout of the training
    data when a second source (for validation) must be read the same way. `streamed` leaves on the disk what can be read
    from there piece by piece.
    """

    folder: Path
    offline: str = "error"
    say: Say = field(default=print, repr=False)
    warn: Say = field(default=print, repr=False)
    like: Layout | None = None
    streamed: bool = False


@dataclass(frozen=True, eq=False)
class Split:
    """One split, prepared or to be prepared as it is taken: arrays (examples, ...) by name.

    `raw` holds the inputs as they were before preparation (the same arrays where nothing was done), for pictures in
    reports. `indices` are the examples' places in the split of the source that they come from.
    """

    x: Held
    y: Held
    raw: Held
    indices: Indices

    @property
    def size(self) -> int:
        """How many examples there are."""
        return len(self.indices)


@dataclass(frozen=True, eq=False)
class LoadedData:
    """Data ready for training.

    `facts` are those of the prepared training arrays, exact; `digest` is the SHA-256 (hex) over names, dtypes, shapes
    and bytes of the unprepared arrays of all splits; `origin` is the source really used; `notes` belong in the report.
    """

    train: Split
    validation: Split | None
    test: Split | None
    facts: DataFacts
    class_names: tuple[str, ...] | None
    digest: str
    origin: str
    notes: tuple[str, ...]
    preparation: Preparation
