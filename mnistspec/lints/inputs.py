"""What the lints share on inputs: the arrays they are fed, and the first layers that do more than move values about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mnistspec.datasets.facts import ArrayFacts
from mnistspec.graph import GraphNode, array_for
from mnistspec.spec import DataSpec, InputSpec, Step
from mnistspec.typed import TypedGraph

_SCALING = frozenset(["rescale", "standardize", "normalize"])
# Layers that leave the range of values as it is.
_TRANSPARENT_PREFIXES = ("Random", "Resizing", "CenterCrop", "Flatten", "Reshape", "Permute", "ZeroPadding", "Cropping")


def fed(typed: TypedGraph) -> Iterator[tuple[InputSpec, ArrayFacts]]:
    """Each input that an array of the data is known for, with what is known of it."""
    facts = typed.graph.facts
    if facts is None:
        return
    for given in typed.graph.inputs:
        array = array_for(given.name, facts, len(typed.graph.inputs))
        if array is not None:
            yield given, array


def scaling_step(data: DataSpec, x: Mapping[str, ArrayFacts], array: ArrayFacts) -> Step | None:
    """The first step of `data.prepare` that scales an array, of all there are."""
    name = next((name for name, known in x.items() if known is array), "")
    steps = data.prepare_x.get(name, ()) if isinstance(data.prepare_x, Mapping) else data.prepare_x
    return next((step for step in steps if step.name in _SCALING), None)


def first_layers(typed: TypedGraph, name: str) -> list[GraphNode]:
    """The first layer on each path from an input that is more than a change of shape or an augmentation."""
    untouched, first = {name}, []
    for node in typed.used:
        if node.call is None or all(port.node not in untouched for port in node.sources()):
            continue
        if node.call.name.startswith(_TRANSPARENT_PREFIXES):
            untouched.add(node.name)
        else:
            first.append(node)
    return first
