"""Inputs scaled in `prepare` and once more by a `Rescaling` layer."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.datasets.facts import ArrayFacts
from mnistspec.diagnostics import Diagnostic, Related
from mnistspec.graph import GraphNode
from mnistspec.lints.inputs import fed, first_layers, scaling_step
from mnistspec.spec import Spec, Step
from mnistspec.typed import TypedGraph

# A layer that divides by more than 20 is made for raw values: those of pixels divide by 255 or by half of it.
_STRONG = 0.05
# Prepared values up to here have been scaled already; sixteen-bit values divided by 256 have not.
_SMALL = 4.0


def double_scaling(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Values of a few thousandths keep a model from learning for epochs, and nothing fails."""
    return tuple(_of(typed, spec))


def _of(typed: TypedGraph, spec: Spec) -> Iterator[Diagnostic]:
    facts = typed.graph.facts
    if facts is None or spec.data is None:
        return
    for given, array in fed(typed):
        step = scaling_step(spec.data, facts.x, array)
        if step is None or not _small(array, step):
            continue
        for node in first_layers(typed, given.name):
            if _divides(node):
                yield _found(given.name, node, step)


def _small(array: ArrayFacts, step: Step) -> bool:
    """Whether the prepared values are known to be small."""
    if step.name == "standardize":
        return True
    return array.maximum is not None and array.maximum <= _SMALL


def _divides(node: GraphNode) -> bool:
    call = node.call
    scale = call.argument("scale") if call is not None and call.name == "Rescaling" and call.complete else None
    return isinstance(scale, (int, float)) and abs(scale) <= _STRONG


def _found(name: str, node: GraphNode, step: Step) -> Diagnostic:
    assert node.call is not None
    related = (Related("scaled here before", step.span),) if step.span is not None else ()
    message = f"`{name}` is scaled by `{step.name}` in `data.prepare`, and again by `{node.name}`"
    help = f"keep one: `{step.name}` in `data.prepare`, or the layer"
    return Diagnostic("W509", message, node.call.span_of("scale"), help, related)
