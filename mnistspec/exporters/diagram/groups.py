"""The boxes of a drawing in the groups that they stand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Group:
    """A used block, or with no name the whole: positions of boxes and groups, as the model has them."""

    name: str = ""
    number: int = 0
    items: list[int | Group] = field(default_factory=list)


def grouped(paths: Iterable[tuple[str, ...]]) -> Group:
    """The positions of what stands in these groups as a tree; a group stands where its first box does."""
    groups: dict[tuple[str, ...], Group] = {(): Group()}
    for place, path in enumerate(paths):
        for depth in range(1, len(path) + 1):
            if path[:depth] not in groups:
                groups[path[:depth]] = Group(path[depth - 1], len(groups))
                groups[path[: depth - 1]].items.append(groups[path[:depth]])
        groups[path].items.append(place)
    return groups[()]
