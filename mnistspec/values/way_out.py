"""The way out of the slips that everybody makes: a quoted number, `yes` for true, one thing for a list of it."""

from __future__ import annotations

import re
from typing import Any

from mnistspec.catalogue.kinds import Boolean, Kind, LayerEntry, Listing, Number, Object, Record, Tagged, Text
from mnistspec.diagnostics import Fix
from mnistspec.edits import as_list, without_dashes
from mnistspec.hints import Hint
from mnistspec.nodes import MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.source import Span
from mnistspec.values.matching import is_scalar, options_of, words
from mnistspec.values.reading import Reading

_BOOLEANS = {
    "yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false", "true": "true",
    "false": "false",
}  # fmt: skip
_DIGITS = r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"
_ITEM = r"[\w.-]+"


def way_out(reading: Reading, node: Node, wanted: tuple[Kind, ...]) -> Hint | None:
    """What to write instead of a node that is of none of the kinds wanted."""
    if isinstance(node, MappingNode):
        return _of_map(reading, node, wanted)
    if isinstance(node, SequenceNode):
        return _of_list(node, wanted)
    return _of_scalar(node, wanted)


def _of_map(reading: Reading, node: MappingNode, wanted: tuple[Kind, ...]) -> Hint | None:
    """The items of a list without their dashes."""
    items = [kind.item for kind in wanted if isinstance(kind, Listing)]
    if not items:
        return None
    named = any(all(_is_item(reading, entry.name, item) for entry in node.entries) for item in items)
    return Hint("begin each item with `- `", as_list(node) if named else None)


def _is_item(reading: Reading, name: str, item: Kind) -> bool:
    """Whether a key is the name of what the list holds."""
    for kind in options_of(item):
        namespace = "layers" if isinstance(kind, LayerEntry) else kind.namespace if isinstance(kind, Object) else None
        if namespace is not None and name in reading.catalogue[namespace].classes:
            return True
        if isinstance(kind, Tagged) and name in kind.options:
            return True
    return False


def _of_list(node: SequenceNode, wanted: tuple[Kind, ...]) -> Hint | None:
    """`[10]` for 10, and keys of one map as items of a list."""
    for kind in wanted:
        fix = without_dashes(node, kind.fields) if isinstance(kind, Record) else None
        if fix is not None:
            return Hint("leave out the dashes: this is one map", fix)
    only = node.items[0] if len(node.items) == 1 else None
    if not isinstance(only, ScalarNode) or not any(is_scalar(only.value, kind) for kind in wanted):
        return None
    bare = node.span.text[1:-1].strip() == only.span.text
    fix = Fix(node.span, only.span.text, certain=True) if bare else None
    return Hint(f"write `{only.span.text}` without the brackets", fix)


def _of_scalar(node: ScalarNode, wanted: tuple[Kind, ...]) -> Hint | None:
    """A quoted number, `yes` for true, a number for a name, 2.0 for 2, one thing for a list of it."""
    value, written = node.value, node.span.text
    keys = [
        name for kind in wanted if isinstance(kind, Record) for name, field in kind.fields.items() if field.required
    ]
    if keys:
        return Hint(f"give it keys of its own, as in `{keys[0]}: ...`")
    if value is None:
        return None
    lists = [kind for kind in wanted if isinstance(kind, Listing) and is_scalar(value, kind.item)]
    if lists:
        return _listed(node, lists[0].minimum)
    if isinstance(value, str):
        return _of_text(node, value, wanted)
    if any(isinstance(kind, Text) for kind in wanted):
        return Hint(f'quote it: "{written}"', _written(node.span, value, f'"{written}"'))
    if {"valid", "same"} <= {word for kind in wanted for word in words(kind)} and isinstance(value, int):
        return _of_padding(node, value)
    if isinstance(value, float) and value.is_integer() and any(is_scalar(int(value), kind) for kind in wanted):
        if "${" in written:
            return Hint("divide with `//`, or write `int(...)`")
        return Hint(f"write `{int(value)}`", Fix(node.span, str(int(value)), certain=True))
    return (
        _of_number(node, value, [kind for kind in wanted if isinstance(kind, Number)]) if "${" not in written else None
    )


def _of_number(node: ScalarNode, value: Any, wanted: list[Number]) -> Hint | None:
    """A number out of bounds: without its sign, as a share instead of a percentage, or the bound itself."""
    if isinstance(value, bool) or not wanted:
        return None
    for meant in (-value, value / 100 if value >= 5 else None):
        if meant is not None and any(is_scalar(meant, kind) for kind in wanted):
            return Hint(f"did you mean `{meant:g}`?", Fix(node.span, f"{meant:g}", certain=False))
    if isinstance(value, float) and all(kind.integer for kind in wanted):
        return Hint("write a whole number")
    bounds = [_bound(value, kind) for kind in wanted]
    return Hint(bounds[0]) if bounds[0] is not None else None


def _bound(value: float, kind: Number) -> str | None:
    if kind.minimum is not None and value <= kind.minimum:
        return f"it has to be above {kind.minimum:g}" if kind.open_minimum else f"the smallest is {kind.minimum:g}"
    if kind.maximum is not None and value >= kind.maximum:
        return f"it has to be below {kind.maximum:g}" if kind.open_maximum else f"the largest is {kind.maximum:g}"
    return None


def _of_padding(node: ScalarNode, value: int) -> Hint:
    """PyTorch counts the zeros around a picture, Keras says what they are for."""
    if value == 0 and not isinstance(value, bool):
        return Hint("write `valid`, which is no padding", Fix(node.span, "valid", certain=node.span.text == "0"))
    return Hint("`same` pads so that the size stays; for a number of zeros put a `ZeroPadding` layer before it")


def _listed(node: ScalarNode, least: int) -> Hint:
    """The value as a list of as many items as there have to be; certain where that is one."""
    if least > 1:
        return Hint(f"write `[{', '.join([str(node.value)] * least)}]`")
    certain = node.span.text == str(node.value) and re.fullmatch(_ITEM, node.span.text) is not None
    return Hint(f"write `[{node.value}]`", Fix(node.span, f"[{node.span.text}]", certain=True) if certain else None)


def _of_text(node: ScalarNode, value: str, wanted: tuple[Kind, ...]) -> Hint | None:
    if any(isinstance(kind, Boolean) for kind in wanted) and value.lower() in _BOOLEANS:
        meant = _BOOLEANS[value.lower()]
        return Hint(f"write `{meant}`", _written(node.span, value, meant))
    if any(isinstance(kind, Number) for kind in wanted) and re.fullmatch(_DIGITS, value):
        fits = any(is_scalar(_number(value), kind) for kind in wanted)
        return Hint(f"write it without quotes: `{value}`", _written(node.span, value, value) if fits else None)
    if any(isinstance(kind, Listing) and not _of_numbers(kind) for kind in wanted):
        return _listed(node, 1)
    return None


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("+-").isdigit() else float(text)


def _written(span: Span, value: Any, text: str) -> Fix | None:
    """`text` in the place of a value that stands there itself, with or without quotes, and through no alias."""
    plain = isinstance(value, int | float) and not isinstance(value, bool) and "${" not in span.text
    itself = span.text in (f'"{value}"', f"'{value}'", value) or (
        plain and re.fullmatch(_DIGITS, span.text) is not None
    )
    return Fix(span, text, certain=True) if itself else None


def _of_numbers(kind: Listing) -> bool:
    return any(isinstance(item, Number) for item in options_of(kind.item))
