"""Differences as plain data, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mnistspec.differences import Differences, LayerChange, Side
from mnistspec.differences.changes import ABSENT, Change
from mnistspec.differences.facts import LayerFacts


def as_data(found: Differences) -> dict[str, Any]:
    """One object; a change has no `before` or no `after` where that side does not have the value."""
    return {
        "same": found.same,
        "before": _side(found.before),
        "after": _side(found.after),
        "layers": [_layer(change) for change in found.layers],
        "totals": _changes(found.totals),
        "settings": _changes(found.settings),
        "record": _changes(found.record),
        "clocked": _changes(found.clocked),
    }


def _side(side: Side) -> dict[str, str]:
    return {"path": side.name, "what": side.what}


def _layer(change: LayerChange) -> dict[str, Any]:
    return {
        "what": change.what,
        "before": _facts(change.before),
        "after": _facts(change.after),
        "changes": _changes(change.changes),
    }


def _facts(layer: LayerFacts | None) -> dict[str, Any] | None:
    if layer is None:
        return None
    return {
        "name": layer.name,
        "layer": layer.layer,
        "from": layer.from_,
        "arguments": dict(layer.arguments),
        "output_shapes": [list(shape) if shape is not None else None for shape in layer.shapes],
        "params": layer.params,
        "trainable_params": layer.trainable_params,
        "flops": layer.flops,
    }


def _changes(changes: Sequence[Change]) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in (("key", one.key), ("before", one.before), ("after", one.after))
         if value is not ABSENT}
        for one in changes
    ]  # fmt: skip
