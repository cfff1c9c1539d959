"""What the lints share on inputs: the first layers that do more than move the values of an input about."""

from __future__ import annotations

from mnistspec.graph import GraphNode
from mnistspec.infer import TypedGraph

# Layers that leave the range of values as it is.
_TRANSPARENT_PREFIXES = ("Random", "Resizing", "CenterCrop", "Flatten", "Reshape", "Permute", "ZeroPadding", "Cropping")


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
