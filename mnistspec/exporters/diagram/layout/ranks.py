"""Which rank (row) each item stands in: below all that it reads, as near as may be to what reads it."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def ranks(count: int, edges: Collection[tuple[int, int]]) -> list[int] | None:
    """The rank of each item by longest paths; None where the edges make a cycle."""
    below: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for upper, lower in edges:
        below[upper].append(lower)
        waiting[lower] += 1
    sources = [item for item in range(count) if not waiting[item]]
    found = [0] * count
    ready = list(sources)
    for item in ready:
        for lower in below[item]:
            found[lower] = max(found[lower], found[item] + 1)
            waiting[lower] -= 1
            if not waiting[lower]:
                ready.append(lower)
    if len(ready) < count:
        return None
    _lower_sources(found, sources, below)
    return found


def _lower_sources(found: list[int], sources: Sequence[int], below: Sequence[Sequence[int]]) -> None:
    """An input that is read late stands late."""
    for item in sources:
        found[item] = min((found[lower] for lower in below[item]), default=1) - 1
