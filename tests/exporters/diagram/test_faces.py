"""The words in a box: cut where they are too long, and never wider than the box."""

from __future__ import annotations

import pytest

from mnistspec.exporters.diagram.faces import ROWS, SIDE, WIDEST, cells, cut, face
from mnistspec.exporters.diagram.parts import Box


@pytest.mark.parametrize(
    ("text", "shown"), [("abcd", "abcd"), ("abcde", "abc…"), ("日本", "日本"), ("日本語", "日…"), ("a b c", "a b…")]
)
def test_long_text_ends_in_an_ellipsis(text: str, shown: str) -> None:
    assert cut(text, 4) == shown
    assert cells(shown) <= 4


def test_signs_over_others_take_no_room() -> None:
    assert cells("e\u0301a\u0308") == 2


def test_arguments_fill_some_rows_and_tell_of_more() -> None:
    box = Box("layer", "Dense", "dense", arguments=tuple(f"argument_{i}=value_{i}" for i in range(20)))
    rows = [row.left for row in face(box).rows[1:]]
    assert len(rows) == ROWS and rows[-1].endswith(", …")
    assert all(cells(row) <= WIDEST for row in rows)


def test_a_box_is_as_wide_as_its_widest_row() -> None:
    drawn = face(Box("layer", "Dense", "x" * 30, shape="(None, 3)", parameters="12 parameters"))
    assert drawn.size.width == max(row.width for row in drawn.rows) + 2 * SIDE
