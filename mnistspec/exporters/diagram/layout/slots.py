"""A level's items and nets as rows of slots: ports along the borders, bends where lines pass rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mnistspec.exporters.diagram.layout.geometry import Laid, Size, Tangled
from mnistspec.exporters.diagram.layout.nets import Level
from mnistspec.exporters.diagram.layout.ranks import ranks
from mnistspec.exporters.diagram.layout.rows import Link, Rows
from mnistspec.frozen import dataclass

BENDS = 100_000  # bends of lines that are drawn at most
# How much straightness matters from bend to bend, and from an item to a bend; from item to item it is 1.
BEND_WEIGHT = 40.0
HALF_BEND_WEIGHT = 0.3
_PORT = Size(0.0, 0.0)


@dataclass(frozen=True)
class Items:
    """What stands in a level: boxes and groups, after them the ports, `tops` and `bottoms` by their nets."""

    inner: Sequence[Size | Laid]
    starts: dict[int, int]
    ends: dict[int, list[int]]
    tops: dict[int, int]
    bottoms: dict[int, int]

    @property
    def count(self) -> int:
        return len(self.inner) + len(self.tops) + len(self.bottoms)

    def size(self, item: int) -> Size | Laid:
        return self.inner[item] if item < len(self.inner) else _PORT

    def leave(self, item: int, net: int) -> float:
        """Where a net leaves an item, from its middle: a box in the middle, a group at the net's port."""
        laid = self.size(item)
        return laid.bottoms[net] - laid.width / 2 if isinstance(laid, Laid) else 0.0

    def enter(self, item: int, net: int) -> float:
        laid = self.size(item)
        return laid.tops[net] - laid.width / 2 if isinstance(laid, Laid) else 0.0


def with_ports(level: Level, inner: Sequence[Size | Laid]) -> Items:
    """The level's items, with a port for each net that passes a border."""
    place = iter(range(len(inner), len(inner) + 2 * len(level.starts)))
    tops = {net: next(place) for net, start in level.starts.items() if start is None}
    bottoms = {net: next(place) for net, ends in level.ends.items() if None in ends}
    starts = {net: tops[net] if start is None else start for net, start in level.starts.items()}
    ends = {net: [bottoms[net] if end is None else end for end in ends] for net, ends in level.ends.items()}
    return Items(inner, starts, ends, tops, bottoms)


def in_rows(items: Items) -> Rows | None:
    """Items in rows with their links; slots have the numbers of the items in them. None where there is a cycle.

    Raises: Tangled.
    """
    found = ranks(items.count, [(items.starts[net], end) for net, ends in items.ends.items() for end in ends])
    if found is None:
        return None
    rank = _with_borders(found, items)
    bends = sum(max(map(rank.__getitem__, ends)) - rank[items.starts[net]] - 1 for net, ends in items.ends.items())
    if bends > BENDS:
        raise Tangled(f"{bends:,}")
    rows = Rows([[] for _ in range(max(rank) + 1)], [], [], [])
    for item in range(items.count):
        rows.add_slot(rank[item], items.size(item).width, item)
    for net, ends in items.ends.items():
        rows.links.extend(_thread(rows, items, net, sorted(ends, key=rank.__getitem__)))
    return rows


def _with_borders(found: Sequence[int], items: Items) -> list[int]:
    """The ranks with the ports in rows of their own, above and below all else."""
    boxes = found[: len(items.inner)]
    first = 1 - min(boxes) if items.tops else -min(boxes)
    last = max(boxes) + first + 1
    return [*(rank + first for rank in boxes), *(0 for _ in items.tops), *(last for _ in items.bottoms)]


def _thread(rows: Rows, items: Items, net: int, ends: Sequence[int]) -> Iterator[Link]:
    """Links from a net's start to its ends, the nearest first, along one row of bends."""
    start = slot = items.starts[net]
    for end in ends:
        while rows.row_of[slot] < rows.row_of[end] - 1:
            bend = rows.add_slot(rows.row_of[slot] + 1, 0.0, None)
            if slot == start:
                yield Link(slot, bend, items.leave(start, net), 0.0, HALF_BEND_WEIGHT)
            else:
                yield Link(slot, bend, 0.0, 0.0, BEND_WEIGHT)
            slot = bend
        if slot == start:
            yield Link(slot, end, items.leave(start, net), items.enter(end, net))
        else:
            yield Link(slot, end, 0.0, items.enter(end, net), HALF_BEND_WEIGHT)
