"""Which single values are of a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mnistspec.catalogue.indices import is_index
from mnistspec.catalogue.kinds import (
    AnyData,
    Boolean,
    DType,
    Either,
    Index,
    Kind,
    Null,
    Number,
    Text,
    Word,
)

DTYPES = frozenset([
    "float16", "float32", "float64", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
    "uint64", "bool", "string", "complex64", "complex128", "float8_e4m3fn", "float8_e5m2",
])  # fmt: skip
POLICIES = frozenset([
    "mixed_float16", "mixed_bfloat16", "int8_from_float32", "int8_from_mixed_bfloat16", "int4_from_float32",
    "int4_from_mixed_bfloat16", "float8_from_float32", "float8_from_mixed_bfloat16", "float8_from_mixed_float16",
])  # fmt: skip


def is_scalar(value: Any, kind: Kind) -> bool:
    """Whether a single value is of the kind."""
    test = _TESTS.get(type(kind))
    return test is not None and test(value, kind)


def _is_number(value: Any, kind: Number) -> bool:
    return isinstance(value, int if kind.integer else (int, float)) and not isinstance(value, bool)


def _is_one_of(value: Any, kind: Either) -> bool:
    for option in kind.options:  # noqa: SIM110  # many times a layer, and `any` takes twice as long
        if is_scalar(value, option):
            return True
    return False


def right_type(value: Any, kind: Kind) -> bool:
    match kind:
        case Number():
            return _is_number(value, kind)
        case DType() | Word() | Text() | Index():
            return isinstance(value, str)
        case Either():
            return any(right_type(value, option) for option in kind.options)
        case _:
            return False


def _within(value: float, kind: Number) -> bool:
    if kind.minimum is not None and (value < kind.minimum or (kind.open_minimum and value == kind.minimum)):
        return False
    return kind.maximum is None or value < kind.maximum or (value == kind.maximum and not kind.open_maximum)


_TESTS: Mapping[type, Callable[[Any, Any], bool]] = {
    AnyData: lambda value, kind: True,
    Null: lambda value, kind: value is None,
    Boolean: lambda value, kind: isinstance(value, bool),
    Number: lambda value, kind: _is_number(value, kind) and _within(value, kind),
    Text: lambda value, kind: isinstance(value, str),
    Word: lambda value, kind: bool(value == kind.value),
    DType: lambda value, kind: value in DTYPES or value in POLICIES,
    Index: lambda value, kind: is_index(value),
    Either: _is_one_of,
}


def options_of(kind: Kind) -> tuple[Kind, ...]:
    return kind.options if isinstance(kind, Either) else (kind,)


def in_capitals(value: Any, kind: Kind) -> str | None:
    """The word that a text stands for where the kind has it in capitals too; None where it is none."""
    if not isinstance(value, str):
        return None
    plain = value.lower()
    return (
        plain
        if any(isinstance(one, Word) and one.any_case and one.value == plain for one in options_of(kind))
        else None
    )


def words(kind: Kind) -> list[str]:
    """The fixed words that a kind allows."""
    return [option.value for option in options_of(kind) if isinstance(option, Word)]
