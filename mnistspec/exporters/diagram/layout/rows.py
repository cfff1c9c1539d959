"""The rows of one level: items and the bends of long lines, in an order with few crossings."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

SWEEPS = 4


@dataclass(frozen=True)
class Link:
    """A line from a slot to one in the next row; `leave` and `enter` are where it meets them, from their middles."""

    upper: int
    lower: int
    leave: float = 0.0
    enter: float = 0.0
    # A straight line matters more between bends than between items.
    weight: float = 1.0


@dataclass
class Rows:
    """Slots by row from above, and the links between neighbouring rows. A slot without an item is a bend."""

    rows: list[list[int]]
    widths: list[float]
    items: list[int | None]
    row_of: list[int]
    links: list[Link] = field(default_factory=list)

    def add_slot(self, row: int, width: float, item: int | None) -> int:
        slot = len(self.items)
        self.rows[row].append(slot)
        self.widths.append(width)
        self.items.append(item)
        self.row_of.append(row)
        return slot


@dataclass(frozen=True)
class Sides:
    """The links of each slot, upwards and downwards."""

    above: list[list[Link]]
    below: list[list[Link]]


def sides(rows: Rows) -> Sides:
    above: list[list[Link]] = [[] for _ in rows.items]
    below: list[list[Link]] = [[] for _ in rows.items]
    for link in rows.links:
        above[link.lower].append(link)
        below[link.upper].append(link)
    return Sides(above, below)


def untangle(rows: Rows, joined: Sides) -> None:
    """Sorts rows by where their neighbours stand, down and up again, and keeps the order with the fewest crossings."""
    if all(len(row) == 1 for row in rows.rows):
        return
    place = _places(rows.rows)
    best, fewest = [list(row) for row in rows.rows], _crossings(rows, joined, place)
    for _ in range(SWEEPS):
        if not fewest:
            break
        for row in rows.rows[1:]:
            _sort(row, place, lambda slot: [place[link.upper] for link in joined.above[slot]])
        for row in reversed(rows.rows[:-1]):
            _sort(row, place, lambda slot: [place[link.lower] for link in joined.below[slot]])
        count = _crossings(rows, joined, place)
        if count < fewest:
            best, fewest = [list(row) for row in rows.rows], count
    rows.rows[:] = best


def _places(rows: Sequence[Sequence[int]]) -> dict[int, int]:
    return {slot: position for row in rows for position, slot in enumerate(row)}


def _sort(row: list[int], place: dict[int, int], neighbours: Callable[[int], list[int]]) -> None:
    if len(row) < 2:
        return
    wanted = {slot: _mean(neighbours(slot), place[slot]) for slot in row}
    row.sort(key=wanted.__getitem__)
    place.update((slot, position) for position, slot in enumerate(row))


def _mean(values: Sequence[int], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _crossings(rows: Rows, joined: Sides, place: dict[int, int]) -> int:
    return sum(_crossings_below(row, joined, place) for row in rows.rows)


def _crossings_below(row: Sequence[int], joined: Sides, place: dict[int, int]) -> int:
    """How often links between a row and the next cross: pairs that stand one way above and the other below."""
    if len(row) < 2:
        return 0
    count = 0
    seen: list[int] = []
    for slot in row:
        ends = sorted(place[link.lower] for link in joined.below[slot])
        count += sum(len(seen) - bisect_right(seen, end) for end in ends)
        for end in ends:
            insort(seen, end)
    return count
