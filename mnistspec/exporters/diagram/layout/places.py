"""Where slots stand in their rows: near their neighbours above and below, in order and apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from mnistspec.exporters.diagram.layout.rows import Link, Rows, Sides

SWEEPS = 8  # down and up; the second half also looks both ways at once
GAP = 26.0  # pixels between items
BEND_GAP = 12.0  # pixels between lines that pass by
# Pixels that a line may lead a group away from the middle of what it comes from, to be straight. Lines that lead
# further, as from the last column of one group to the first of the next, would build a staircase: they bend.
ASIDE = 40.0


def place(rows: Rows, joined: Sides) -> list[float]:
    """The middle of each slot, in pixels from a common left."""
    middles = [0.0] * len(rows.items)
    offsets = [_offsets(row, rows) for row in rows.rows]
    for row, offset in zip(rows.rows, offsets, strict=True):
        for slot, left in zip(row, offset, strict=True):
            middles[slot] = left - offset[-1] / 2
    for sweep in range(SWEEPS):
        _sweep(range(1, len(rows.rows)), rows, offsets, middles, joined.above, ())
        _sweep(range(len(rows.rows) - 2, -1, -1), rows, offsets, middles, (), joined.below)
        if sweep >= SWEEPS // 2:
            _sweep(range(len(rows.rows)), rows, offsets, middles, joined.above, joined.below)
            _sweep(range(len(rows.rows) - 1, -1, -1), rows, offsets, middles, joined.above, joined.below)
    return middles


def _offsets(row: Sequence[int], rows: Rows) -> list[float]:
    """How far right of the first slot each has to stand at least."""
    found = [0.0]
    for left, right in pairwise(row):
        bend = rows.items[left] is None or rows.items[right] is None
        apart = (rows.widths[left] + rows.widths[right]) / 2 + (BEND_GAP if bend else GAP)
        found.append(found[-1] + apart)
    return found


def _sweep(
    order: Iterable[int],
    rows: Rows,
    offsets: Sequence[Sequence[float]],
    middles: list[float],
    above: Sequence[Sequence[Link]],
    below: Sequence[Sequence[Link]],
) -> None:
    """Moves each row to where its slots want to be, as near as they can all be together."""
    for position in order:
        row = rows.rows[position]
        wishes = [_wish(slot, middles, above[slot] if above else (), below[slot] if below else ()) for slot in row]
        for slot, middle in zip(row, nearest(wishes, offsets[position]), strict=True):
            middles[slot] = middle


def _wish(slot: int, middles: Sequence[float], above: Sequence[Link], below: Sequence[Link]) -> tuple[float, float]:
    """Where a slot would stand for straight lines, and how much that matters."""
    weight = total = 0.0
    for link in above:
        weight += link.weight
        total += link.weight * (middles[link.upper] + _aside(link))
    for link in below:
        weight += link.weight
        total += link.weight * (middles[link.lower] - _aside(link))
    return (total / weight, weight) if weight else (middles[slot], 0.05)


def _aside(link: Link) -> float:
    """How far right of its upper end a link's lower end stands where the line is straight."""
    aside = link.leave - link.enter
    return aside if abs(aside) <= ASIDE else 0.0


def nearest(wishes: Sequence[tuple[float, float]], offsets: Sequence[float]) -> list[float]:
    """The places nearest to the wishes (by weighted squares) that keep the order and the distances.

    Neighbours whose wishes are too near to each other are pooled at their common mean, the method of isotonic
    regression.
    """
    pools: list[tuple[float, float, int]] = []
    for (wish, weight), offset in zip(wishes, offsets, strict=True):
        mean, count = wish - offset, 1
        while pools and pools[-1][0] > mean:
            before, heavy, many = pools.pop()
            mean = (mean * weight + before * heavy) / (weight + heavy)
            weight, count = weight + heavy, count + many
        pools.append((mean, weight, count))
    means = [mean for mean, _, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]
