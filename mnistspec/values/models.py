"""A model as the layer inside another: written as an entry of `layers`, but no node that is called by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mnistspec.calls import Call
from mnistspec.language import APPLICATION_PREFIX, NESTED
from mnistspec.nodes import MappingNode, Node, ScalarNode
from mnistspec.spec import LayerSpec, UseSpec
from mnistspec.values.reading import Reading
from mnistspec.values.results import UNKNOWN, Unknown

# What an entry of `layers` says of the node that it is.
_OF_NODES = ("from", "call")


def names_model(word: str) -> bool:
    """Whether the word is the key of a model as a layer."""
    return word in NESTED or word.startswith(APPLICATION_PREFIX)


def is_inner_model(node: Node) -> bool:
    """Whether the node has the form of a model."""
    if isinstance(node, ScalarNode):
        return isinstance(node.value, str) and names_model(node.value)
    return isinstance(node, MappingNode) and len(node.entries) == 1 and names_model(node.entries[0].name)


def inner_model(reading: Reading, node: Node, entry: Callable[[Node], LayerSpec | UseSpec]) -> Call | Unknown:
    """The model, read as an `entry` of `layers`; UNKNOWN where a reported mistake hides what it is."""
    _refuse_keys_of_nodes(reading, node)
    read = entry(node)
    if not isinstance(read, LayerSpec) or read.call is None:
        return UNKNOWN
    named = {"name": read.name} if read.name is not None else {}
    return replace(read.call, arguments={**named, **read.call.arguments})


def _refuse_keys_of_nodes(reading: Reading, node: Node) -> None:
    body = node.entries[0].value if isinstance(node, MappingNode) and node.entries else None
    for entry in body.entries if isinstance(body, MappingNode) else ():
        if entry.name in _OF_NODES:
            message = f"a model inside another layer has no `{entry.name}`, since it is no node"
            reading.report("E206", message, entry.key.span, "say it of the layer around the model")
