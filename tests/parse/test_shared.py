"""Which stretches of a text stand for more than one place."""

from __future__ import annotations

import pytest

from mnistspec.parse.shared import repeated


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ("a: &x {b: 1}\nc: *x\n", ["&x {b: 1}"]),
        ("a: &x {b: &y 1}\nc: *y\nd: *x\n", ["&y 1", "&x {b: &y 1}"]),
        ("a: &x [1, [2]]\nc: {<<: {d: 1}, e: *x}\n", ["&x [1, [2]]"]),
        ("a: &x 1\nb: 2\n", []),
        ("a: *nowhere\n", []),
        ("a: &x 1\nb: *x\nc: [", ["&x 1"]),
        ("\x00", []),
        ("", []),
    ],
)
def test_values_that_aliases_name(text: str, stretches: list[str]) -> None:
    assert [text[start:end] for start, end in repeated(text)] == stretches
