from __future__ import annotations

from dataclasses import field, replace

import pytest

from mnistspec.frozen import dataclass


@dataclass(frozen=True)
class _Place:
    line: int
    note: str = field(default="", compare=False)


def test_values_are_compared_hashed_and_replaced_by_their_fields() -> None:
    assert _Place(1) == _Place(1, "not compared") != _Place(2)
    assert {_Place(1): "a"}[_Place(1, "not compared")] == "a"
    assert replace(_Place(1), line=2) == _Place(2)
    assert repr(_Place(1)) == "_Place(line=1, note='')"


def test_what_may_be_changed_is_no_such_dataclass() -> None:
    with pytest.raises(AssertionError):
        dataclass(frozen=False)


@dataclass(frozen=True)
class _Nothing:
    pass


@dataclass(frozen=True, eq=False)
class _Itself:
    line: int


def test_values_of_other_classes_differ_and_those_without_fields_are_alike() -> None:
    assert _Nothing() == _Nothing() and hash(_Nothing()) == hash(_Nothing())
    assert _Nothing() != _Place(1)


def test_without_eq_a_value_equals_itself_alone() -> None:
    one = _Itself(1)
    assert one == one and one != _Itself(1) and len({one, _Itself(1)}) == 2
