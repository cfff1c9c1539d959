"""Findings inside blocks and repeats: told once where several uses bring about the same, with the way there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from mnistspec.diagnostics import Diagnostic, Related
from mnistspec.graph import Graph
from mnistspec.source import Step

_QUOTED = re.compile(r"`([^`]+)`")
# Of a longer trail the nearest steps are shown.
_SHOWN = 8


def with_trails(diagnostics: Iterable[Diagnostic], graph: Graph | None) -> tuple[Diagnostic, ...]:
    """The findings; one inside a block speaks of its nodes as the block does, and tells which uses led there.

    Two are the same where they say the same at the same place of the text but for the names of nodes, which differ from
    use to use.
    """
    once: dict[object, Diagnostic] = {}
    names = _Names(graph)
    for found in diagnostics:
        if found.span is None or not found.span.trail:
            once[(id(found),)] = found
        else:
            once.setdefault((found.code, found.span, names.blank(found.message)), names.inside(found))
    return tuple(once.values())


class _Names:
    """The names of a graph's nodes, and which prefix those of a used block have."""

    def __init__(self, graph: Graph | None) -> None:
        self.graph = graph
        self.prefixes: dict[int, str] | None = None
        self.known: set[str] | None = None

    def prefix(self, trail: tuple[Step, ...]) -> str:
        """What stands before the names of the nodes that a trail leads to."""
        if self.prefixes is None:
            nodes = self.graph.everywhere() if self.graph is not None else ()
            self.prefixes = {id(node.span.trail): node.prefix for node in nodes if node.prefix}
        return self.prefixes.get(id(trail), "")

    def blank(self, message: str) -> str:
        """The message without the names of nodes."""
        return _QUOTED.sub(lambda found: "``" if self.is_node(found.group(1)) else found.group(), message)

    def is_node(self, name: str) -> bool:
        if self.known is None:
            self.known = {node.name for node in self.graph.everywhere()} if self.graph is not None else set()
        return name in self.known

    def inside(self, found: Diagnostic) -> Diagnostic:
        assert found.span is not None
        prefix = self.prefix(found.span.trail)
        message = found.message.replace(f"`{prefix}", "`") if prefix else found.message
        steps = found.span.trail[:_SHOWN]
        return replace(found, message=message, related=(*found.related, *(Related(s.what, s.span) for s in steps)))
