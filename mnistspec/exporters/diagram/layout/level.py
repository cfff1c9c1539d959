"""One level of a layout: items of known sizes and the nets between them, to places and ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mnistspec.exporters.diagram.layout.columns import BETWEEN, LANE, Columns, columns
from mnistspec.exporters.diagram.layout.geometry import Laid, Point, Rectangle, Size, Way
from mnistspec.exporters.diagram.layout.nets import Level
from mnistspec.exporters.diagram.layout.places import place
from mnistspec.exporters.diagram.layout.rows import Link, Rows, sides, untangle
from mnistspec.exporters.diagram.layout.slots import Items, in_rows, with_ports
from mnistspec.frozen import dataclass

SPACE = 30.0  # pixels between rows
PORT_SPACE = 8.0  # pixels between the ports in a border and the rows next to them
FAN_SPACE = 22.0  # the same where lines part or meet there
BORDER = 14.0  # pixels between a group's border and what is in it
NAME = 20.0  # pixels for a group's name


def lay_out_level(level: Level, inner: Sequence[Size | Laid], name: float | None) -> Laid | None:
    """The level with its groups already laid out; None where its items make a cycle.

    `name` is the width of the group's name, None for the whole. Raises: Tangled.
    """
    items = with_ports(level, inner)
    rows = in_rows(items)
    if rows is None:
        return None
    joined = sides(rows)
    untangle(rows, joined)
    return _whole(level, _placed(items, rows, place(rows, joined), name))


@dataclass(frozen=True)
class _Placed:
    """A level's rows with their places: `middles` by slot, `tops` and `heights` by row, `bottoms` by column."""

    items: Items
    rows: Rows
    columns: Columns
    middles: Sequence[float]
    tops: Sequence[float]
    heights: Sequence[float]
    top: float
    bottoms: Sequence[float]
    width: float
    height: float
    left: float

    def frame(self, item: int) -> Rectangle:
        """Where an item stands: in the middle of its row; ports are in the borders."""
        size, row = self.items.size(item), self.rows.row_of[item]
        if item >= len(self.items.inner):
            return Rectangle(self.middles[item], self.height if row else 0.0, 0.0, 0.0)
        y = self.tops[row] + (self.heights[row] - size.height) / 2
        return Rectangle(self.middles[item] - size.width / 2, y, size.width, size.height)

    def row_end(self, slot: int) -> float:
        row = self.rows.row_of[slot]
        return self.tops[row] + self.heights[row]

    def begin(self, slot: int) -> float:
        """Where a line ends that enters a slot; what enters a bend goes through it."""
        item = self.rows.items[slot]
        return self.row_end(slot) if item is None else self.frame(item).y

    def end(self, slot: int) -> float:
        item = self.rows.items[slot]
        if item is None:
            return self.row_end(slot)
        frame = self.frame(item)
        return frame.y + frame.height


def _placed(items: Items, rows: Rows, middles: Sequence[float], name: float | None) -> _Placed:
    heights = [_height(row, rows, items) for row in rows.rows]
    below = [_space_below(row, rows, items) for row in range(len(heights))]
    spaced = [height + space for height, space in zip(heights, below, strict=True)]
    its = columns(rows, middles, spaced, framed=name is not None)
    width = max(its.ends[-1], name or 0.0) + 2 * BORDER
    left = (width - its.ends[-1]) / 2
    top = BORDER + its.margin + (NAME if name is not None else 0.0)
    tops = _tops(heights, below, its.begins, top)
    ends = [top + height for top, height in zip(tops, heights, strict=True)]
    return _Placed(
        items=items,
        rows=rows,
        columns=its,
        middles=[x + left + its.shifts[its.of_row[row]] for x, row in zip(middles, rows.row_of, strict=True)],
        tops=tops,
        heights=heights,
        top=top,
        bottoms=[ends[begin - 1] for begin in (*its.begins[1:], 0)],
        width=width,
        height=max(ends) + BORDER + its.margin,
        left=left,
    )


def _height(row: Sequence[int], rows: Rows, items: Items) -> float:
    held = (rows.items[slot] for slot in row)
    return max((items.size(item).height for item in held if item is not None), default=0.0)


def _space_below(row: int, rows: Rows, items: Items) -> float:
    """Rows of many slots have more space, since their lines go far to the side."""
    last = len(rows.rows) - 1
    if row == last:
        return 0.0
    if (row == 0 and items.tops) or (row == last - 1 and items.bottoms):
        return PORT_SPACE if len(rows.rows[row]) == len(rows.rows[row + 1]) else FAN_SPACE
    return SPACE + min(30.0, 3.0 * max(0, len(rows.rows[row]) - 3))


def _tops(heights: Sequence[float], below: Sequence[float], begins: Sequence[int], top: float) -> list[float]:
    """Where each row begins; every column begins at the top."""
    first, tops, y = set(begins), [], top
    for row, height in enumerate(heights):
        y = top if row in first else y
        tops.append(y)
        y += height + below[row]
    return tops


def _whole(level: Level, placed: _Placed) -> Laid:
    """The level with all that stands in its groups, places counted from its own upper left."""
    boxes: dict[int, Rectangle] = {}
    groups: dict[int, Rectangle] = {}
    ways = list(_ways(level, placed))
    for position, (item, inner) in enumerate(zip(level.group.items, placed.items.inner, strict=True)):
        frame = placed.frame(position)
        if isinstance(item, int):
            boxes[item] = frame
        elif isinstance(inner, Laid):
            groups[item.number] = frame
            boxes.update((box, its.moved(frame.x, frame.y)) for box, its in inner.boxes.items())
            groups.update((group, its.moved(frame.x, frame.y)) for group, its in inner.groups.items())
            ways.extend(way.moved(frame.x, frame.y) for way in inner.ways)
    tops = {net: placed.middles[port] for net, port in placed.items.tops.items()}
    bottoms = {net: placed.middles[port] for net, port in placed.items.bottoms.items()}
    return Laid(placed.width, placed.height, boxes, groups, tuple(ways), tops, bottoms)


def _ways(level: Level, placed: _Placed) -> Iterator[Way]:
    lanes = _lanes(placed)
    for link in placed.rows.links:
        around = _around(link, placed, lanes[link]) if link in lanes else ()
        yield Way((*_leave(link, placed), *around, *_enter(link, placed)), _target(level, placed, link.lower))


def _lanes(placed: _Placed) -> dict[Link, int]:
    """The lane of each line to a next column: those that leave at the right run inside the others."""
    column = placed.columns.of_row
    row = placed.rows.row_of
    crossing = [link for link in placed.rows.links if column[row[link.upper]] != column[row[link.lower]]]
    crossing.sort(key=lambda link: -(placed.middles[link.upper] + link.leave))
    taken = [0] * len(placed.columns.begins)
    lanes: dict[Link, int] = {}
    for link in crossing:
        taken[column[row[link.upper]]] += 1
        lanes[link] = taken[column[row[link.upper]]]
    return lanes


def _leave(link: Link, placed: _Placed) -> tuple[Point, Point]:
    """From below the item to below its row."""
    x = placed.middles[link.upper] + link.leave
    return (x, placed.end(link.upper)), (x, placed.row_end(link.upper))


def _enter(link: Link, placed: _Placed) -> tuple[Point, Point]:
    x = placed.middles[link.lower] + link.enter
    return (x, placed.tops[placed.rows.row_of[link.lower]]), (x, placed.begin(link.lower))


def _around(link: Link, placed: _Placed, lane: int) -> tuple[Point, ...]:
    """The way to the next column: below its own, up between the two, and in from above."""
    column = placed.columns.of_row[placed.rows.row_of[link.upper]]
    leave, enter = placed.middles[link.upper] + link.leave, placed.middles[link.lower] + link.enter
    down, up = placed.bottoms[column] + LANE * lane, placed.top - LANE * lane
    between = placed.left + placed.columns.ends[column] + BETWEEN / 2 + LANE * (lane - 1)
    return (leave, down), (between, down), (between, up), (enter, up)


def _target(level: Level, placed: _Placed, slot: int) -> int | None:
    """The box that stands in a slot, if one does."""
    item = placed.rows.items[slot]
    held = level.group.items[item] if item is not None and item < len(placed.items.inner) else None
    return held if isinstance(held, int) else None
