"""The columns of a level: a tall one is cut, and goes on at the top of the next column."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

from mnistspec.exporters.diagram.layout.rows import Rows
from mnistspec.frozen import dataclass

TALL = 1000.0  # pixels that need no second column
# Pixels up to which one tall column is better than many lines from one to the next, and in a frame than any second one.
VERY_TALL = 3000.0
FEW = 3  # lines from one column to the next
SLIM = 1.8  # times as high as wide: what is less needs none either
SHAPE = 1.25  # width by height that the whole should come near
LANE = 7.0  # pixels between lines from one column to the next
BETWEEN = 44.0  # pixels between columns


@dataclass(frozen=True)
class Columns:
    """Which column each row stands in, and for each column how far it is moved to the right and where it ends.

    `lanes` is how many lines lead from each column to the next, `begins` the rows that columns begin with.
    """

    of_row: Sequence[int]
    begins: Sequence[int]
    shifts: Sequence[float]
    ends: Sequence[float]
    lanes: Sequence[int]

    @property
    def margin(self) -> float:
        """Pixels above and below all columns for the lines between them."""
        return LANE * (max(self.lanes) + 1) if len(self.begins) > 1 else 0.0


def columns(rows: Rows, middles: Sequence[float], heights: Sequence[float], *, framed: bool) -> Columns:
    """The columns of rows with these heights (the space below each included), in a frame or on the whole sheet."""
    spans = [_span(row, rows, middles) for row in rows.rows]
    crossing = [0] * len(rows.rows)
    for link in rows.links:
        crossing[rows.row_of[link.upper]] += 1
    width = max(right for _, right in spans) - min(left for left, _ in spans)
    begins = cuts(heights, width, crossing, VERY_TALL if framed else TALL)
    bounds = list(zip(begins, [*begins[1:], len(spans)], strict=True))
    lanes = [*(crossing[end - 1] for _, end in bounds[:-1]), 0]
    lefts = [min(left for left, _ in spans[begin:end]) for begin, end in bounds]
    widths = [max(right for _, right in spans[b:e]) - left for (b, e), left in zip(bounds, lefts, strict=True)]
    steps = (width + BETWEEN + LANE * lane for width, lane in zip(widths, lanes, strict=True))
    places = [0.0, *accumulate(steps)][:-1]
    shifts = [place - left for place, left in zip(places, lefts, strict=True)]
    ends = [place + width for place, width in zip(places, widths, strict=True)]
    of_row = [column for column, (begin, end) in enumerate(bounds) for _ in range(begin, end)]
    return Columns(of_row, begins, shifts, ends, lanes)


def _span(row: Sequence[int], rows: Rows, middles: Sequence[float]) -> tuple[float, float]:
    """Where a row begins and ends: slots stand in order and apart."""
    first, last = row[0], row[-1]
    return middles[first] - rows.widths[first] / 2, middles[last] + rows.widths[last] / 2


def cuts(heights: Sequence[float], width: float, crossing: Sequence[int], tall: float = TALL) -> list[int]:
    """The rows that columns begin with, the first among them; `crossing` counts the lines below each row.

    What is at most `tall` pixels high needs no second column.
    """
    total = sum(heights)
    if total <= tall or total <= SLIM * width:
        return [0]
    count = max(2, round(math.sqrt(SHAPE * total / width)))
    begins = [0]
    while len(begins) < count and (cut := _next_cut(heights, begins[-1], total / count, crossing)) is not None:
        begins.append(cut)
    tangled = any(crossing[begin - 1] > FEW for begin in begins[1:])
    return [0] if tangled and total <= VERY_TALL else begins


def _next_cut(heights: Sequence[float], begin: int, wanted: float, crossing: Sequence[int]) -> int | None:
    """The row to cut before: of those at about the height that is wanted, where the fewest lines pass."""
    height = 0.0
    best: tuple[float, int] | None = None
    for row in range(begin, len(heights) - 1):
        height += heights[row]
        if height > 1.2 * wanted and best is not None:
            break
        if height >= 0.75 * wanted:
            cost = crossing[row] + abs(height - wanted) / wanted
            best = min(best or (cost, row + 1), (cost, row + 1))
    return best[1] if best is not None else None
