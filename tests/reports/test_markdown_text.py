"""Escaping for Markdown: text stands for itself, and reads well where nothing needs escaping."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnistspec.reports.markdown_text import code, fenced, prose, sentence, table
from mnistspec.reports.tables import Column, Table


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("mnist_sample 0.0645, 98.12%", "mnist_sample 0.0645, 98.12%"),
        ("2026-01-02", "2026-01-02"),
        ("_private_ name_", r"\_private\_ name\_"),
        ("1. first", r"1\. first"),
        ("# title", r"\# title"),
        ("- item", r"\- item"),
        ("---", r"\---"),
        ("a\n\nb", "a b"),
        ("<b>*x*</b>", r"\<b\>\*x\*\</b\>"),
        (r"\*", r"\\\*"),
    ],
)
def test_only_what_would_format_is_escaped(text: str, written: str) -> None:
    assert prose(text) == written


def test_what_stands_between_backticks_is_code() -> None:
    assert sentence("set `a_b` to *5*, not `") == r"set `a_b` to \*5\*, not \`"


@given(st.text(alphabet="`ab |", min_size=1))
def test_a_code_span_is_longer_fenced_than_its_inside(text: str) -> None:
    span = code(text)
    fence = re.match("`+", span)
    assert fence is not None
    assert len(fence[0]) > max((len(run) for run in re.findall("`+", " ".join(text.split()))), default=0)


@given(st.text(max_size=80))
def test_a_block_ends_where_it_is_ended(text: str) -> None:
    lines = fenced(text, "yaml").split("\n")
    assert lines[-1] not in lines[:-1] and set(lines[-1]) == {"`"}


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20)), max_size=4))
def test_no_cell_can_add_a_cell_or_a_row(rows: list[tuple[str, str, str]]) -> None:
    columns = (Column("a|b"), Column("c", "code"), Column("d", "prose"))
    lines = table(Table("", columns, tuple(rows))).split("\n")
    assert len(lines) == 2 + len(rows)
    assert all(len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 4 for line in lines)
