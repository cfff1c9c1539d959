"""What the lints share on connections: what a layer is called on, and what is called on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from mnistspec.graph import GraphNode
from mnistspec.typed import TypedGraph


def pairs(typed: TypedGraph, classes: Collection[str]) -> list[tuple[GraphNode, GraphNode]]:
    """Every layer of these classes that is called on one other layer's only output, after that other layer."""
    return [
        (typed.graph.node(ports[0].node), node)
        for node in typed.of_classes(classes)
        for ports in (tuple(node.sources()),)
        if len(ports) == 1 and not ports[0].output and ports[0].node in typed.graph
    ]


def users(typed: TypedGraph) -> Counter[str]:
    """How many layers are called on each layer or input, those that no output needs left out."""
    return Counter(name for node in typed.used for name in {port.node for port in node.sources()})
