"""The ids in loaded data, before layers look them up: in a training they fail without a name, or count for nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

from mnistspec.datasets.loaded import Array, LoadedData
from mnistspec.datasets.stored import Stored, ends, extremes
from mnistspec.diagnostics import BadData
from mnistspec.lints.ids import LookUp, look_ups
from mnistspec.typed import TypedGraph
from mnistspec.unnested import unnested

# The smallest and the largest value.
_Ends: TypeAlias = tuple[float, float]


def require_ids(typed: TypedGraph, data: LoadedData) -> None:
    """Raises: BadData where an input of any split has an id that a layer which looks it up does not take."""
    splits = {"train": data.train, "validation": data.validation, "test": data.test}
    inputs = {f"the {name} split": split.x for name, split in splits.items() if split is not None}
    for one in look_ups(unnested(typed)):
        found = _found(one, inputs)
        missed = _missed(one, found)
        if missed is not None:
            largest = max(high for _, high in found.values())
            counted = math.isfinite(largest) and one.misses(largest)
            raise BadData(f"{missed}; {one.way_out(largest) if counted else 'ids count from 0'}.")


def require_learnt_ids(typed: TypedGraph, x: Mapping[str, Array | Stored], where: str) -> None:
    """Raises: BadData where inputs, read from `where`, have an id that the trained model has nothing for."""
    for one in look_ups(unnested(typed)):
        missed = _missed(one, _found(one, {where: x}))
        if missed is not None:
            raise BadData(f"{missed}.")


def _found(one: LookUp, inputs: Mapping[str, Mapping[str, Array | Stored]]) -> dict[str, _Ends]:
    found = {where: _ends(x, one.input) for where, x in inputs.items()}
    return {where: ends for where, ends in found.items() if ends is not None}


def _ends(x: Mapping[str, Array | Stored], name: str) -> _Ends | None:
    """The ends of an input's values; None where it holds no numbers."""
    held = x.get(name) if len(x) > 1 else next(iter(x.values()))
    if held is None or held.dtype.kind not in "biuf" or not len(held):
        return None
    return extremes(held) if isinstance(held, Stored) else ends(held)


def _missed(one: LookUp, found: Mapping[str, _Ends]) -> str | None:
    """What to say of the first id that the layer does not take."""
    for where, both in found.items():
        for value in both:
            if one.misses(value):
                id = int(value) if math.isfinite(value) else "NaN" if math.isnan(value) else "infinity"
                return f"`{one.input}` of {where} has the id {id}, but `{one.node.name}` {one.taken()}"
    return None
