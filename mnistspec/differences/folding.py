"""Layers that changed alike, told once: by the same arguments, by their names alone, or by what follows from others."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mnistspec.differences import LayerChange
from mnistspec.differences.changes import Change
from mnistspec.frozen import dataclass

# What follows from a layer's arguments, and from the layers before it.
_COSTS = frozenset(["output shape", "params", "trainable params", "flops"])
_NAME = frozenset(["name"])
# What is each layer's own.
_PLACE = frozenset(["name", "from", "layer"])
# As many layers that changed in nothing but name, or as others made them, are told each by itself.
_FEW = 3


@dataclass(frozen=True)
class Entry:
    """What changed of one layer, or of several alike: of these, the arguments alone."""

    layers: tuple[LayerChange, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Folded:
    """The entries, in the order of the layers; then those with another name and no more, and those that follow."""

    entries: tuple[Entry, ...]
    renamed: tuple[LayerChange, ...] = ()
    following: tuple[LayerChange, ...] = ()


def unfolded(layers: Sequence[LayerChange]) -> Folded:
    """Every layer by itself, with all that changed."""
    return Folded(tuple(Entry((one,), one.changes) for one in layers))


def folded(layers: Sequence[LayerChange]) -> Folded:
    """The layers, those told together that changed alike."""
    renamed, following = _many(layers, _NAME), _many(layers, _COSTS)
    alike: dict[str, list[LayerChange]] = {}
    apart = {id(one) for one in (*renamed, *following)}
    for one in layers:
        if id(one) not in apart:
            alike.setdefault(_mark(one), []).append(one)
    return Folded(tuple(map(_entry, alike.values())), renamed, following)


def _many(layers: Sequence[LayerChange], keys: Collection[str]) -> tuple[LayerChange, ...]:
    """The layers that changed in nothing but this, where they are more than a few."""
    found = tuple(one for one in layers if one.changes and all(change.key in keys for change in one.changes))
    return found if len(found) > _FEW else ()


def _mark(change: LayerChange) -> str:
    """What is the same for layers that are told together."""
    layer = change.after or change.before
    assert layer is not None, "a change is of a layer before or after"
    own = _own(change)
    if not own or any(one.key in _PLACE for one in own):
        return layer.name
    return repr((layer.layer, own))


def _entry(alike: Sequence[LayerChange]) -> Entry:
    return Entry(tuple(alike), alike[0].changes if len(alike) == 1 else _own(alike[0]))


def _own(change: LayerChange) -> tuple[Change, ...]:
    return tuple(one for one in change.changes if one.key not in _COSTS)
