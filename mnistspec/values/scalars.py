"""Single values: which are of a kind, and what to say of one that is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from mnistspec.catalogue.kinds import (
    AnyData,
    Boolean,
    DType,
    Either,
    Kind,
    Listing,
    Null,
    Number,
    Record,
    Text,
    Word,
    describe_kind,
)
from mnistspec.nodes import MappingNode, Node, ScalarNode, SequenceNode, describe
from mnistspec.suggest import suggest
from mnistspec.values.reading import Reading
from mnistspec.values.results import Unknown

DTYPES = frozenset([
    "float16", "float32", "float64", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
    "uint64", "bool", "string", "complex64", "complex128", "float8_e4m3fn", "float8_e5m2",
])  # fmt: skip
POLICIES = frozenset([
    "mixed_float16", "mixed_bfloat16", "int8_from_float32", "int8_from_mixed_bfloat16", "int4_from_float32",
    "float8_from_float32",
])  # fmt: skip
_BOOLEANS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_DIGITS = re.compile(r"[-+]?\d+(\.\d+)?")


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


def _right_type(value: Any, kind: Kind) -> bool:
    match kind:
        case Number():
            return _is_number(value, kind)
        case DType() | Word() | Text():
            return isinstance(value, str)
        case Either():
            return any(_right_type(value, option) for option in kind.options)
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
    Either: _is_one_of,
}


def options_of(kind: Kind) -> tuple[Kind, ...]:
    return kind.options if isinstance(kind, Either) else (kind,)


def words(kind: Kind) -> list[str]:
    """The fixed words that a kind allows."""
    return [option.value for option in options_of(kind) if isinstance(option, Word)]


def mismatch(reading: Reading, node: Node, kind: Kind) -> Unknown:
    """Reports a value that is no `kind`: of the wrong type, or of the right type and out of bounds."""
    message = f"expected {describe_kind(kind)}, found {describe(node)}"
    allowed = words(kind)
    if any(isinstance(option, DType) for option in options_of(kind)):
        allowed += sorted(DTYPES | POLICIES)
    if isinstance(node, ScalarNode) and isinstance(node.value, str) and allowed:
        near = suggest(node.value, allowed)
        return reading.report("E204", message, node.span, f"did you mean `{near}`?" if near else None)
    code = "E204" if isinstance(node, ScalarNode) and _right_type(node.value, kind) else "E203"
    return reading.report(code, message, node.span, _way_out(node, options_of(kind)))


def _way_out(node: Node, wanted: tuple[Kind, ...]) -> str | None:
    """A help line for the slips that everybody makes."""
    if isinstance(node, MappingNode):
        return "begin each item with `- `" if any(isinstance(kind, Listing) for kind in wanted) else None
    if isinstance(node, SequenceNode):
        only = node.items[0] if len(node.items) == 1 else None
        bare = isinstance(only, ScalarNode) and any(is_scalar(only.value, kind) for kind in wanted)
        return f"write `{only.span.text}` without the brackets" if only is not None and bare else None
    return _way_out_of_scalar(node, wanted)


def _way_out_of_scalar(node: ScalarNode, wanted: tuple[Kind, ...]) -> str | None:
    """A quoted number, `yes` for true, a number for a name, 2.0 for 2, one thing for a list of it."""
    value = node.value
    keys = [
        name for kind in wanted if isinstance(kind, Record) for name, field in kind.fields.items() if field.required
    ]
    if keys:
        return f"give it keys of its own, as in `{keys[0]}: ...`"
    if value is None:
        return None
    if any(isinstance(kind, Listing) and is_scalar(value, kind.item) for kind in wanted):
        return f"write `[{value}]`"
    if isinstance(value, str):
        return _way_out_of_text(value, wanted)
    if any(isinstance(kind, Text) for kind in wanted):
        return f'quote it: "{node.span.text}"'
    if isinstance(value, float) and value.is_integer() and any(is_scalar(int(value), kind) for kind in wanted):
        return "divide with `//`, or write `int(...)`" if "${" in node.span.text else f"write `{int(value)}`"
    return None


def _way_out_of_text(value: str, wanted: tuple[Kind, ...]) -> str | None:
    if any(isinstance(kind, Boolean) for kind in wanted) and value.lower() in _BOOLEANS:
        return f"write `{_BOOLEANS[value.lower()]}`"
    if any(isinstance(kind, Number) for kind in wanted) and _DIGITS.fullmatch(value):
        return f"write it without quotes: `{value}`"
    if any(isinstance(kind, Listing) and not _of_numbers(kind) for kind in wanted):
        return f"write `[{value}]`"
    return None


def _of_numbers(kind: Listing) -> bool:
    return any(isinstance(item, Number) for item in options_of(kind.item))
