"""Places: lines, columns and the excerpt with its carets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnistspec.source import Source, Span


@given(st.text(alphabet="ab\n\r\té", max_size=30), st.data())
def test_line_and_column_lead_back_to_the_character(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    source = Source(text)
    line, column = source.position(offset)
    before = text[:offset].replace("\r\n", "\n")
    if text[offset - 1 : offset + 1] != "\r\n":
        assert line == before.count("\n") + before.count("\r") + 1
        assert source.line(line)[column - 1 : column] in (text[offset : offset + 1], "")


def test_a_line_that_is_not_there_is_empty() -> None:
    source = Source("a\nb")
    assert [source.line(number) for number in range(5)] == ["", "a", "b", "", ""]


@pytest.mark.parametrize(
    ("text", "start", "end", "shown"),
    [
        ("key: value", 5, 10, ["key: value", "     ^^^^^"]),
        ("key: value", 3, 3, ["key: value", "   ^"]),
        ("a\tkey: value", 7, 12, ["a\tkey: value", " \t     ^^^^^"]),
        ("a: {\n  b}", 3, 9, ["a: {", "   ^"]),
        ("a: 1\n", 5, 5, ["", "^"]),
        ("ab\r\ncd\r\n", 4, 6, ["cd", "^^"]),
    ],
)
def test_the_carets_stand_under_the_place(text: str, start: int, end: int, shown: list[str]) -> None:
    assert Span(Source(text), start, end).excerpt() == shown


@given(st.integers(0, 120), st.integers(0, 120), st.integers(6, 150))
def test_of_a_long_line_the_part_around_the_place_is_shown(one: int, other: int, width: int) -> None:
    text = "".join(chr(33 + i % 90) for i in range(120))
    start, end = sorted((one, other))
    shown, carets = Span(Source(f"first\n{text}\nlast"), 6 + start, 6 + end).excerpt(width)
    assert len(shown) <= width + 6
    assert carets.strip() == "^" * len(carets.strip())
    if end > start:
        marked = shown[len(carets) - len(carets.strip()) : len(carets)]
        assert text[start:end].startswith(marked)


def test_a_text_of_its_own_starts_paths_in_the_working_directory() -> None:
    assert str(Source("").folder) == "."
