"""The order in which a graph can be built, or the cycle because of which it cannot."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from mnistspec.graph.parts import GraphNode


def in_order(nodes: Sequence[GraphNode]) -> tuple[GraphNode, ...] | None:
    """Sources before their users, and otherwise as listed; None where there is a cycle."""
    if _is_in_order(nodes):
        return tuple(nodes)
    built, _ = _built(nodes)
    return tuple(nodes[position] for position in built) if len(built) == len(nodes) else None


def _is_in_order(nodes: Sequence[GraphNode]) -> bool:
    """Whether no node needs itself or one after it, as where the order they are listed in will do."""
    index = {node.name: position for position, node in enumerate(nodes)}
    for position, node in enumerate(nodes):
        for name in node.needs():
            if index.get(name, -1) >= position:
                return False
    return True


def cycle_in(nodes: Sequence[GraphNode]) -> list[GraphNode]:
    """One cycle in the direction of the data, its first node again at its end. There must be one."""
    _, waiting = _built(nodes)
    position = next(position for position, sources in enumerate(waiting) if sources)
    trail: dict[int, None] = {}
    while position not in trail:
        trail[position] = None
        position = min(waiting[position])
    steps = list(trail)
    return [nodes[step] for step in [*steps[steps.index(position) :], position][::-1]]


def _built(nodes: Sequence[GraphNode]) -> tuple[list[int], list[set[int]]]:
    """The positions of the nodes in the order in which they can be built, and for each what it waits for in vain."""
    index = {node.name: position for position, node in enumerate(nodes)}
    waiting = [{index[name] for name in node.needs() if name in index} for node in nodes]
    users: list[list[int]] = [[] for _ in nodes]
    for position, sources in enumerate(waiting):
        for source in sources:
            users[source].append(position)
    ready = [position for position, sources in enumerate(waiting) if not sources]
    heapq.heapify(ready)
    built: list[int] = []
    while ready:
        built.append(heapq.heappop(ready))
        for user in users[built[-1]]:
            waiting[user].discard(built[-1])
            if not waiting[user]:
                heapq.heappush(ready, user)
    return built, waiting
