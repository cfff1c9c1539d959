"""Changes of a text: what they leave as it was, and where they are none."""

from __future__ import annotations

import pytest

from mnistspec import edits
from mnistspec.diagnostics import Fix
from mnistspec.fixing import applied
from mnistspec.nodes import MappingNode
from mnistspec.parse import parse
from mnistspec.source import Source, Span


def _map(text: str) -> MappingNode:
    root = parse(Source(text)).value
    assert root is not None
    inner = root.entries[0].value
    return inner if isinstance(inner, MappingNode) else root


def _after(text: str, fix: Fix | None) -> str | None:
    return applied(text, [fix]) if fix is not None else None


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("{gone: 1, b: 2}", "{b: 2}"),
        ("{a: 1, gone: 2}", "{a: 1}"),
        ("{a: 1 , gone: [2, 3]  }", "{a: 1   }"),
        ("{gone: 1}", "{}"),
        ("{a: 1,\n gone: 2,\n b: 3}", "{a: 1,\n b: 3}"),
        ("{a: 1,\n gone: 2,  # why\n b: 3}", "{a: 1,\n # why\n b: 3}"),
        ('{"a": 1, "gone": 2}', '{"a": 1}'),
        ("a: 1\ngone: 2\nb: 3\n", "a: 1\nb: 3\n"),
        ("a: 1\r\ngone: 2\r\nb: 3", "a: 1\r\nb: 3"),
        ("a: 1\ngone: 2", "a: 1\n"),
        ("a: 1\ngone:\nb: 3\n", "a: 1\nb: 3\n"),
        ("a: 1\ngone: 2   # why\nb: 3\n", "a: 1\n# why\nb: 3\n"),
        ("x:\n  - gone: 1\n    b: 2\n", None),
        ("gone: 1\n", None),
        ("a: 1\ngone:\n  - 1\n", None),
    ],
)
def test_an_entry_is_taken_out_and_comments_stay(text: str, without: str | None) -> None:
    root = parse(Source(text)).value
    assert root is not None
    entry = root.entry("gone")
    if entry is None:
        (item,) = root.entries[0].value.items  # type: ignore[union-attr]
        root, entry = item, item.entries[0]
    assert _after(text, edits.without(root, entry, certain=True)) == without


def test_an_entry_that_a_merge_key_brought_is_not_taken_out() -> None:
    text = "a: &a {gone: 1, b: 2}\nc: {<<: *a, d: 3}\n"
    root = parse(Source(text)).value
    assert root is not None
    merged = root.get("c")
    assert isinstance(merged, MappingNode)
    entry = merged.entry("gone")
    assert entry is not None
    assert edits.without(merged, entry, certain=True) is None


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("x:\n  A:\n  b: 1\n", "x:\n  A:\n    b: 1\n"),
        ("x:\r\n  A:\r\n  b: 1\r\n\r\n  # c\r\n  c: 2\r\n", "x:\r\n  A:\r\n    b: 1\r\n\r\n    # c\r\n    c: 2\r\n"),
        ("x:\n  A:\n      a: 0\n  b: 1\n", "x:\n  A:\n      a: 0\n      b: 1\n"),
        ("x:\n  A: {a: 0}\n  b: 1\n", "x:\n  A: {a: 0, b: 1}\n"),
        ("x:\n  A: {}\n  b: 1\n", "x:\n  A: {b: 1}\n"),
        ("x: {A: {a: 0}, b: [1, 2]}\n", "x: {A: {a: 0, b: [1, 2]}}\n"),
        ("x:\n  A: {a: 0}  # why\n  b: 1\n", None),
        ("x:\n  A: {a: 0}\n  b: one, two\n", None),
        ("x:\n  A: 3\n  b: 1\n", None),
        ("x: {A: , b: 1}\n", None),
    ],
)
def test_arguments_are_put_inside_their_class(text: str, inside: str | None) -> None:
    node = _map(text)
    first, *rest = node.entries
    assert _after(text, edits.put_inside(node, first, rest)) == inside


@pytest.mark.parametrize(
    ("text", "old", "new", "changed"),
    [
        ("abc", "abc", "abd", "abd"),
        ('"abc"', "abc", "abd", '"abd"'),
        ("'abc'", "abc", "abd", "'abd'"),
        ("*abc", "abc", "abd", None),
        ("${abc}", "abc", "abd", None),
        ("nul", "nul", "null", None),
        ("abc", "abc", "a: b", None),
    ],
)
def test_a_name_is_replaced_where_it_stands_itself(text: str, old: str, new: str, changed: str | None) -> None:
    span = Span(Source(text), 0, len(text))
    assert _after(text, edits.renamed(span, old, new, certain=True)) == changed


def test_line_ends_are_the_texts_own() -> None:
    assert [edits.line_end(Source(text)) for text in ("a\r\nb\n", "a\rb", "a\n", "a")] == ["\r\n", "\r", "\n", "\n"]
