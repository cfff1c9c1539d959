"""Which examples train, which validate and which test: held out, limited and drawn with the seed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mnistspec.datasets.counts import taken
from mnistspec.datasets.draws import draw
from mnistspec.datasets.loaded import Held, Indices, RawData, RawSplit
from mnistspec.frozen import dataclass
from mnistspec.spec import DataSpec


@dataclass(frozen=True, eq=False)
class Drawn:
    """The examples chosen for a split, and where they stood in the source's split."""

    examples: RawSplit
    indices: Indices

    @property
    def size(self) -> int:
        """How many examples there are."""
        return len(self.indices)

    def take(self, chosen: Indices) -> Drawn:
        """Some of them by index; the same arrays where these are all."""
        if len(chosen) == self.size:
            return self
        return Drawn(RawSplit(_take(self.examples.x, chosen), _take(self.examples.y, chosen)), self.indices[chosen])

    def apart(self, size: int, seed: int, stream: str) -> tuple[Drawn, Drawn]:
        """Two parts: a draw of `size` examples, and the others."""
        chosen = draw(self.size, size, self.examples.y, seed, stream)
        rest = np.ones(self.size, dtype=bool)
        rest[chosen] = False
        return self.take(chosen), self.take(np.flatnonzero(rest))


def _take(arrays: Held, chosen: Indices) -> Held:
    return {name: array[chosen] for name, array in arrays.items()}


def whole(examples: RawSplit) -> Drawn:
    """All the examples of a source's split."""
    return Drawn(examples, np.arange(examples.size, dtype=np.int64))


def draw_splits(data: DataSpec, source: RawData, validation: RawData | None, seed: int) -> dict[str, Drawn]:
    """The splits that there are, by name, `train` first.

    In this order: the test split is held out where the source has none, the training split is limited, validation is
    drawn from it (or is the training split of the source `validation`), validation and test are limited. Each draw
    has a random stream of its own.
    """
    splits = {"train": whole(source.train)}
    if source.test is not None:
        splits["test"] = whole(source.test)
    else:
        _set_apart(splits, "test", source.facts.held_out, seed)
    _limit(splits, "train", data.limit, seed)
    if validation is not None:
        splits["validation"] = whole(validation.train)
    elif isinstance(data.validation, float):
        _set_apart(splits, "validation", data.validation, seed)
    _limit(splits, "validation", data.limit, seed)
    _limit(splits, "test", data.limit, seed)
    return splits


def _set_apart(splits: dict[str, Drawn], name: str, fraction: float, seed: int) -> None:
    """Moves a fraction of the training split into a split of its own."""
    size = taken(splits["train"].size, fraction)
    if size:
        splits[name], splits["train"] = splits["train"].apart(size, seed, name)


def _limit(splits: dict[str, Drawn], name: str, limits: Mapping[str, int], seed: int) -> None:
    if name in splits and name in limits:
        split = splits[name]
        splits[name] = split.take(draw(split.size, limits[name], split.examples.y, seed, f"limit/{name}"))


def limit_notes(data: DataSpec, splits: Mapping[str, Drawn]) -> tuple[str, ...]:
    """What to say of limits above what there is."""
    notes = []
    for name, limit in data.limit.items():
        count = splits[name].size if name in splits else 0
        if count < limit and not (name == "train" and isinstance(data.validation, float)):
            notes.append(f"`limit.{name}` is {limit}, but there are only {count} examples.")
    return tuple(notes)
