"""The layout: nothing overlaps, groups hold what is theirs, lines lead from box to box, downwards, past all others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistspec.exporters.diagram.groups import Group, grouped
from mnistspec.exporters.diagram.layout import lay_out
from mnistspec.exporters.diagram.layout.columns import cuts
from mnistspec.exporters.diagram.layout.geometry import Laid, Rectangle, Size, Tangled
from mnistspec.exporters.diagram.layout.places import nearest
from mnistspec.exporters.diagram.layout.ranks import ranks

_Lines = list[tuple[int, int]]
_PATHS = st.sampled_from([(), (), ("a",), ("a", "b"), ("a", "c"), ("d",)])


@st.composite
def _drawings(draw: st.DrawFn) -> tuple[list[tuple[str, ...]], list[Size], _Lines]:
    count = draw(st.integers(1, 14))
    paths = draw(st.lists(_PATHS, min_size=count, max_size=count))
    sizes = [Size(draw(st.integers(20, 200)), draw(st.integers(10, 90))) for _ in range(count)]
    pairs = list(combinations(range(count), 2))
    return paths, sizes, draw(st.lists(st.sampled_from(pairs), unique=True, max_size=24)) if pairs else []


def _laid(paths: Sequence[tuple[str, ...]], sizes: Sequence[Size], lines: _Lines) -> tuple[Laid, Group]:
    root = grouped(paths)
    laid = lay_out(root, sizes, lines, dict.fromkeys(range(1, 9), 30.0))
    if laid is None:
        root = grouped([()] * len(paths))
        laid = lay_out(root, sizes, lines, {})
    assert laid is not None
    return laid, root


def _apart(one: Rectangle, other: Rectangle) -> bool:
    beside = one.x + one.width <= other.x + 1e-6 or other.x + other.width <= one.x + 1e-6
    return beside or one.y + one.height <= other.y + 1e-6 or other.y + other.height <= one.y + 1e-6


def _within(inner: Rectangle, outer: Rectangle) -> bool:
    across = outer.x < inner.x and inner.x + inner.width < outer.x + outer.width
    return across and outer.y < inner.y and inner.y + inner.height < outer.y + outer.height


@given(_drawings())
@settings(max_examples=150, deadline=None)
def test_boxes_keep_their_sizes_and_stand_apart(drawing: tuple[list[tuple[str, ...]], list[Size], _Lines]) -> None:
    laid, _ = _laid(*drawing)
    whole = Rectangle(0, 0, laid.width, laid.height)
    assert [Size(laid.boxes[i].width, laid.boxes[i].height) for i in range(len(drawing[1]))] == drawing[1]
    assert all(_apart(one, other) for one, other in combinations(laid.boxes.values(), 2))
    assert all(_within(box, whole) for box in laid.boxes.values())


@given(_drawings())
@settings(max_examples=150, deadline=None)
def test_groups_hold_their_own_boxes_alone(drawing: tuple[list[tuple[str, ...]], list[Size], _Lines]) -> None:
    laid, root = _laid(*drawing)
    _check_groups(root, laid)


def _check_groups(group: Group, laid: Laid) -> None:
    frame = laid.groups.get(group.number)
    for item in group.items:
        inner = laid.boxes[item] if isinstance(item, int) else laid.groups[item.number]
        assert frame is None or _within(inner, frame)
        if isinstance(item, Group):
            _check_groups(item, laid)
            assert all(_apart(inner, laid.boxes[other]) for other in group.items if isinstance(other, int))


@given(_drawings())
@settings(max_examples=150, deadline=None)
def test_every_line_arrives_at_its_box_and_all_stay_inside(
    drawing: tuple[list[tuple[str, ...]], list[Size], _Lines],
) -> None:
    laid, _ = _laid(*drawing)
    arrived = [way for way in laid.ways if way.target is not None]
    assert sorted(way.target for way in arrived if way.target is not None) == sorted(end for _, end in drawing[2])
    for way in arrived:
        box = laid.boxes[way.target or 0]
        assert way.points[-1] == pytest.approx((box.x + box.width / 2, box.y))
    assert all(0 <= x <= laid.width and 0 <= y <= laid.height for way in laid.ways for x, y in way.points)


@given(_drawings())
@settings(max_examples=100, deadline=None)
def test_every_stretch_of_a_line_begins_where_another_or_a_box_ends(
    drawing: tuple[list[tuple[str, ...]], list[Size], _Lines],
) -> None:
    laid, _ = _laid(*drawing)
    ends = {(round(x, 3), round(y, 3)) for way in laid.ways for x, y in way.points[-1:]}
    ends |= {(round(box.x + box.width / 2, 3), round(box.y + box.height, 3)) for box in laid.boxes.values()}
    begins = [way.points[0] for way in laid.ways]
    assert all(any(abs(x - a) < 0.01 and abs(y - b) < 0.01 for a, b in ends) for x, y in begins)


def test_a_line_past_boxes_touches_none_of_them() -> None:
    laid, _ = _laid([()] * 4, [Size(100, 40)] * 4, [(0, 1), (1, 2), (2, 3), (0, 3)])
    middle = [laid.boxes[1], laid.boxes[2]]
    passing = [way for way in laid.ways if way.points[0][0] != way.points[-1][0] or len(way.points) > 2]
    for box in middle:
        inside = [x for way in passing for x, y in way.points if box.y < y < box.y + box.height]
        assert all(x < box.x or x > box.x + box.width for x in inside)


def test_a_chain_is_straight() -> None:
    laid, _ = _laid([()] * 5, [Size(50 + 20 * i, 30) for i in range(5)], [(i, i + 1) for i in range(4)])
    assert len({round(box.x + box.width / 2, 6) for box in laid.boxes.values()}) == 1
    assert [box.y for box in laid.boxes.values()] == sorted(box.y for box in laid.boxes.values())


def test_two_lines_that_need_not_cross_do_not() -> None:
    laid, _ = _laid([()] * 6, [Size(60, 30)] * 6, [(0, 1), (0, 2), (1, 4), (2, 3), (3, 5), (4, 5)])
    assert (laid.boxes[1].x < laid.boxes[2].x) == (laid.boxes[4].x < laid.boxes[3].x)


def test_a_long_chain_is_cut_into_columns() -> None:
    laid, _ = _laid([()] * 100, [Size(100, 40)] * 100, [(i, i + 1) for i in range(99)])
    assert 0.7 < laid.width / laid.height < 2.2
    assert len({round(box.x) for box in laid.boxes.values()}) > 3


def test_a_group_both_before_and_after_a_box_has_no_place() -> None:
    assert lay_out(grouped([("a",), (), ("a",)]), [Size(50, 20)] * 3, [(0, 1), (1, 2)], {1: 30.0}) is None


def test_what_no_drawing_shows_is_refused() -> None:
    chain = [(box, box + 1) for box in range(999)]
    with pytest.raises(Tangled, match="498,501"):
        _laid([()] * 1000, [Size(50, 20)] * 1000, [*chain, *((box, 999) for box in range(998))])


def test_columns_are_cut_where_few_lines_pass() -> None:
    crossing = [3] * 40
    crossing[21] = 1
    assert cuts([100.0] * 40, 1500.0, crossing) == [0, 22]
    assert cuts([100.0] * 9, 10.0, crossing) == [0]


def test_a_drawing_is_not_cut_where_many_lines_would_go_to_the_next_column() -> None:
    assert cuts([100.0] * 20, 500.0, [4] * 20) == [0]
    assert cuts([100.0] * 20, 500.0, [3] * 20) == [0, 10]
    assert len(cuts([100.0] * 200, 500.0, [9] * 200)) > 2


def test_ranks_are_as_low_as_what_is_read_asks_for_and_sources_stand_near_their_readers() -> None:
    assert ranks(4, [(0, 1), (1, 2), (0, 2), (3, 2)]) == [0, 1, 2, 1]
    assert ranks(2, [(0, 1), (1, 0)]) is None


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(0.1, 10)), min_size=1, max_size=8), st.data())
@settings(max_examples=100, deadline=None)
def test_nearest_places_are_in_order_apart_and_no_worse_than_neighbours_of_them(
    wishes: list[tuple[float, float]], data: st.DataObject
) -> None:
    offsets = [10.0 * i for i in range(len(wishes))]
    found = nearest(wishes, offsets)
    assert all(right - left >= 10 - 1e-6 for left, right in pairwise(found))
    moved = sorted(place - offset + data.draw(st.floats(-3, 3)) for place, offset in zip(found, offsets, strict=True))
    other = [place + offset for place, offset in zip(moved, offsets, strict=True)]
    assert _cost(found, wishes) <= _cost(other, wishes) + 1e-6


def _cost(places: Sequence[float], wishes: Sequence[tuple[float, float]]) -> float:
    return sum(weight * (place - wish) ** 2 for place, (wish, weight) in zip(places, wishes, strict=True))
