"""Structures of inputs and outputs: taken apart, filled, and what they are."""

from __future__ import annotations

from typing import Any

import pytest

from mnistspec.structures import filled, has_lists, keys_of, leaves, mapped

_DEEP = {"b": ("x", ["y"]), "a": "z"}


def test_maps_are_taken_apart_by_their_sorted_keys_and_keep_their_order() -> None:
    assert list(leaves(_DEEP)) == ["z", "x", "y"]
    assert list(filled(_DEEP, [1, 2, 3], list).items()) == [("b", [2, [3]]), ("a", 1)]
    assert mapped(_DEEP, str.upper) == {"b": ("X", ("Y",)), "a": "Z"}


def test_one_alone_is_a_structure_too() -> None:
    assert list(leaves("x")) == ["x"] and filled("x", [1]) == 1


@pytest.mark.parametrize(
    ("structure", "keys", "nested"),
    [
        ("x", None, False),
        (("x", "y"), None, False),
        ({"b": "x", "a": "y"}, ("a", "b"), False),
        ({"b": ("x",)}, None, True),
        (("x", ("y",)), None, True),
        ([{"a": "x"}], None, True),
        (None, None, False),
    ],
)
def test_what_a_structure_is(structure: Any, keys: tuple[str, ...] | None, nested: bool) -> None:
    assert (keys_of(structure), has_lists(structure)) == (keys, nested)
