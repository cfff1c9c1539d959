"""Reads `structure`: how Keras has a model's inputs and outputs, where that is not one alone or one list of several."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mnistspec.nodes import Entry, MappingNode, Node, SequenceNode
from mnistspec.source import Span
from mnistspec.spec import InputSpec, Reference
from mnistspec.structures import Structure, leaves
from mnistspec.values import Settings


def structures_of(settings: Settings) -> tuple[Structure, Structure]:
    """The structures of the inputs and of the outputs, references for leaves; None where nothing is said of them."""
    found = settings.known("structure") if "structure" in settings.values else None
    if not isinstance(found, Settings):
        return None, None
    written = {name: found.known(name) for name in ("inputs", "outputs")}
    inputs, outputs = (_referring(value, f"structure.{name}", settings.spans) for name, value in written.items())
    return inputs, outputs


def _referring(value: Any, path: str, spans: dict[str, Span]) -> Structure:
    """The structure with references in the place of names."""
    if isinstance(value, str):
        return Reference(value, spans[path])
    if isinstance(value, dict):
        return {key: _referring(inner, f"{path}.{key}", spans) for key, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(_referring(inner, f"{path}.{index}", spans) for index, inner in enumerate(value))
    return None


def places_in_structure(entry: Entry) -> dict[str, Span]:
    """Where everything in `structure` stands, by its path: `structure.outputs.digit`, `structure.inputs.0`."""
    return dict(_places(entry.name, entry.value))


def _places(path: str, node: Node) -> Iterator[tuple[str, Span]]:
    yield path, node.span
    if isinstance(node, MappingNode):
        for entry in node.entries:
            yield from _places(f"{path}.{entry.name}", entry.value)
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.items):
            yield from _places(f"{path}.{index}", item)


def in_structure_order(inputs: tuple[InputSpec, ...] | None, structure: Structure) -> tuple[InputSpec, ...] | None:
    """The inputs in the order in which Keras takes their structure apart, if it holds each of them once."""
    if inputs is None or structure is None:
        return inputs
    names = [reference.text for reference in leaves(structure)]
    by_name = {given.name: given for given in inputs}
    if sorted(names) != sorted(by_name):
        return inputs
    return tuple(by_name[name] for name in names)
