"""A drawing level by level: each group is laid out by itself, and what crosses its border passes a port of it.

A net is all that one box gives: it starts at the box or at a port in the group's upper border, and ends at boxes,
at groups that pass it on, and at a port in the lower border.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mnistspec.exporters.diagram.groups import Group


@dataclass
class Level:
    """What stands in one group. `starts` has the item that each net comes from, None for the upper border; `ends`
    the items that it leads to, as keys, None for the lower border. Nets go by the box that they come from."""

    group: Group
    starts: dict[int, int | None] = field(default_factory=dict)
    ends: dict[int, dict[int | None, None]] = field(default_factory=dict)

    def add(self, net: int, start: int | None, end: int | None) -> None:
        self.starts[net] = start
        self.ends.setdefault(net, {})[end] = None


def levels(root: Group, lines: Iterable[tuple[int, int]]) -> dict[int, Level]:
    """The levels by their groups' numbers, with the nets that pass through each."""
    ways: dict[int, list[tuple[int, int]]] = {}
    found: dict[int, Level] = {}
    _enter(root, [], ways, found)
    for source, target in lines:
        _connect(source, ways[source], ways[target], found)
    return found


def _enter(
    group: Group, above: Sequence[tuple[int, int]], ways: dict[int, list[tuple[int, int]]], found: dict[int, Level]
) -> None:
    """Notes for each box the way to it: group after group, each with the position in it where the way goes on."""
    found[group.number] = Level(group)
    for position, item in enumerate(group.items):
        way = [*above, (group.number, position)]
        if isinstance(item, int):
            ways[item] = way
        else:
            _enter(item, way, ways, found)


def _connect(
    net: int, start: Sequence[tuple[int, int]], end: Sequence[tuple[int, int]], found: dict[int, Level]
) -> None:
    """A line from box to box: out of the groups around the one, along where both are, into those around the other."""
    depth = 0
    while start[depth] == end[depth]:
        depth += 1
    for number, position in start[depth + 1 :]:
        found[number].add(net, position, None)
    found[start[depth][0]].add(net, start[depth][1], end[depth][1])
    for number, position in end[depth + 1 :]:
        found[number].add(net, None, position)
