"""The YAML tree with places: what parsing makes and what validating, resolving and binding read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from mnistspec.frozen import dataclass
from mnistspec.source import Span

Scalar: TypeAlias = bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """One value: null, boolean, integer, float or string, by the rules of YAML 1.2's core schema.

    `broken` says that a mistake in it has been reported, so that nothing more is said about it.
    """

    value: Scalar
    span: Span
    broken: bool = False


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` of a mapping; keys are always strings."""

    key: ScalarNode
    value: Node

    @property
    def name(self) -> str:
        return self.key.value  # type: ignore[return-value]  # keys are strings


@dataclass(frozen=True)
class MappingNode:
    """A map; each key stands in it once."""

    entries: tuple[Entry, ...]
    span: Span

    @cached_property
    def _by_name(self) -> dict[str, Entry]:
        return {entry.key.value: entry for entry in self.entries}  # type: ignore[misc]  # keys are strings

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def entry(self, name: str) -> Entry | None:
        return self._by_name.get(name)

    def get(self, name: str) -> Node | None:
        entry = self._by_name.get(name)
        return entry.value if entry is not None else None

    def names(self) -> Iterator[str]:
        return iter(self._by_name)


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode


def plain(node: Node) -> object:
    """The node as plain data: dictionaries, lists and scalars, places left out."""
    match node:
        case ScalarNode():
            return node.value
        case SequenceNode():
            return [plain(item) for item in node.items]
        case MappingNode():
            return {entry.name: plain(entry.value) for entry in node.entries}


def describe(node: Node) -> str:
    """What kind of thing the node is, as a message says it: `the string 'abc'`, `a list`, `a map`."""
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "a map"
    value = node.value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        shown = value if len(value) <= 40 else value[:37] + "..."
        return f"the string '{shown}'"
    return f"{value}" if isinstance(value, float) or abs(value) < 10**20 else "a huge integer"
