"""The ids in loaded data, before layers look them up: in a training they fail without a name, or count for nothing."""

from __future__ import annotations

from collections.abc import Mapping

from mnistspec.datasets.loaded import Array, LoadedData
from mnistspec.datasets.stored import Stored, ends, extremes
from mnistspec.diagnostics import BadData
from mnistspec.lints.ids import LookUp, look_ups
from mnistspec.typed import TypedGraph
from mnistspec.unnested import unnested


def require_ids(typed: TypedGraph, data: LoadedData) -> None:
    """Raises: BadData where an input of any split has an id beyond those of a layer that looks it up."""
    splits = {"train": data.train, "validation": data.validation, "test": data.test}
    for one in look_ups(unnested(typed)):
        found = {name: _largest(split.x, one.input) for name, split in splits.items() if split is not None}
        _require(one, {name: largest for name, largest in found.items() if largest is not None})


def _largest(x: Mapping[str, Array | Stored], name: str) -> float | None:
    """The largest value of an input; None where it holds no numbers."""
    held = x.get(name) if len(x) > 1 else next(iter(x.values()))
    if held is None or held.dtype.kind not in "biuf" or not len(held):
        return None
    return extremes(held)[1] if isinstance(held, Stored) else ends(held)[1]


def _require(one: LookUp, largest: Mapping[str, float]) -> None:
    split = next((name for name, value in largest.items() if one.misses(value)), None)
    if split is not None:
        raise BadData(
            f"`{one.input}` of the {split} split has the id {int(largest[split])}, but `{one.node.name}` {one.taken()};"
            f" {one.way_out(max(largest.values()))}."
        )
