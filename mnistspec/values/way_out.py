"""The way out of the slips that everybody makes: a quoted number, `yes` for true, one thing for a list of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from mnistspec.catalogue.kinds import (
    AnyData,
    Boolean,
    Either,
    Kind,
    LayerEntry,
    Listing,
    Null,
    Number,
    Object,
    Record,
    Table,
    Tagged,
    Text,
    Word,
)
from mnistspec.diagnostics import Fix
from mnistspec.edits import as_list, without_dashes
from mnistspec.hints import Hint
from mnistspec.language import PARAMETERS
from mnistspec.nodes import MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.source import Span
from mnistspec.suggest import suggestion
from mnistspec.values.matching import is_scalar, options_of, right_type, words
from mnistspec.values.plain_text import LONGEST, meant_by_text, number
from mnistspec.values.reading import Reading, fits

_BOOLEANS = {
    "yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false", "true": "true",
    "false": "false",
}  # fmt: skip
_DIGITS = r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"
_ITEM = r"[\w.-]+"


def way_out(reading: Reading, node: Node, wanted: tuple[Kind, ...]) -> Hint | None:
    """What to write instead of a node that is of none of the kinds wanted."""
    wanted = tuple(_single(wanted))
    if isinstance(node, MappingNode):
        return _of_map(reading, node, wanted)
    if isinstance(node, SequenceNode):
        return _of_list(reading, node, wanted)
    return _of_scalar(node, wanted)


def _single(kinds: Iterable[Kind]) -> Iterator[Kind]:
    """The kinds, choices between kinds taken apart."""
    for kind in kinds:
        if isinstance(kind, Either):
            yield from _single(kind.options)
        else:
            yield kind


def _of_map(reading: Reading, node: MappingNode, wanted: tuple[Kind, ...]) -> Hint | None:
    """The items of a list without their dashes."""
    items = [kind.item for kind in wanted if isinstance(kind, Listing)]
    if not items:
        return None
    if all(isinstance(item, Text) for item in items) and not any(isinstance(kind, Table) for kind in wanted):
        return _of_map_for_names(node)
    named = any(all(_is_item(reading, entry.name, item) for entry in node.entries) for item in items)
    return Hint("begin each item with `- `", as_list(node) if named else None)


def _of_map_for_names(node: MappingNode) -> Hint:
    """`{digit: a}` where names stand in a list: an output has no other name than its node."""
    values = [entry.value for entry in node.entries]
    names = [value.span.text for value in values if isinstance(value, ScalarNode) and isinstance(value.value, str)]
    if not names or len(names) < len(values):
        return Hint("write a list of names")
    return Hint(f"write `[{', '.join(names)}]`: what is listed goes by its own name")


def _is_item(reading: Reading, name: str, item: Kind) -> bool:
    """Whether a key is the name of what the list holds."""
    for kind in options_of(item):
        namespace = "layers" if isinstance(kind, LayerEntry) else kind.namespace if isinstance(kind, Object) else None
        if namespace is not None and name in reading.catalogue[namespace].classes:
            return True
        if isinstance(kind, Tagged) and name in kind.options:
            return True
    return False


def _of_list(reading: Reading, node: SequenceNode, wanted: tuple[Kind, ...]) -> Hint | None:
    """`[10]` for 10, a list longer than it may be, keys of one map as items of a list, a list without its key."""
    only = node.items[0] if len(node.items) == 1 else None
    single = [kind for kind in wanted if isinstance(kind, Object)]
    named = isinstance(only, ScalarNode) and any(fits(reading, only, kind) for kind in single)
    for kind in () if named else wanted:
        if isinstance(kind, Record | Table):
            return _of_list_for_map(reading, node, kind)
    if isinstance(only, MappingNode) and any(fits(reading, only, kind) for kind in single):
        return _without_brackets(node, only)
    if not isinstance(only, ScalarNode) or not (named or any(is_scalar(only.value, kind) for kind in wanted)):
        return None
    return _without_brackets(node, only)


def _without_brackets(node: SequenceNode, only: Node) -> Hint:
    """The one item of a list in its place."""
    bare = node.span.text[1:-1].strip() == only.span.text
    fix = Fix(node.span, only.span.text, certain=True) if bare else None
    return Hint(f"write `{only.span.text}` without the brackets" if bare else "write it without the list", fix)


def _of_list_for_map(reading: Reading, node: SequenceNode, kind: Record | Table) -> Hint | None:
    names = kind.fields if isinstance(kind, Record) else _keys(node)
    fix = without_dashes(node, names) if names else None
    if fix is not None:
        return Hint("leave out the dashes: this is one map", fix)
    if kind is PARAMETERS and len(_texts(node)) == len(node.items):
        return Hint(f"those without a default are listed as `needs: [{', '.join(_texts(node))}]`")
    if isinstance(kind, Table):
        return Hint(f"write a map, as in `{{{_named(reading, node, kind)}}}`")
    holder = next((name for name, field in kind.fields.items() if fits(reading, node, field.kind)), None)
    holder = holder or next((name for name, field in kind.fields.items() if _lists(field.kind, node)), None)
    beside = [name for name, field in kind.fields.items() if field.required and name != holder]
    added = f", and add {' and '.join(f'`{name}: ...`' for name in beside)}" if beside else ""
    if holder is not None and not beside and "\n" not in node.span.text and not node.span.text.startswith("-"):
        meant = f"{{{holder}: {node.span.text}}}"
        return Hint(f"write `{meant}`", Fix(node.span, meant, certain=False))
    return Hint(f"put the list under `{holder}:`{added}") if holder is not None else None


def without_batch(node: SequenceNode) -> Hint:
    """`[None, 28, 28, 1]` for `[28, 28, 1]`."""
    meant = f"[{', '.join(item.span.text for item in node.items[1:])}]"
    return Hint(f"leave the batch out: write `{meant}`; an open size is `null`", Fix(node.span, meant, certain=False))


def _lists(kind: Kind, node: SequenceNode) -> bool:
    """Whether a list holds names of choices that the kind is a list of, and only those."""
    items = [option.item for option in _single([kind]) if isinstance(option, Listing)]
    choices = [item.options for item in items if isinstance(item, Tagged)]
    return any(all(name in options for name in _texts(node)) for options in choices) and bool(_texts(node))


def _texts(node: SequenceNode) -> list[str]:
    return [item.value for item in node.items if isinstance(item, ScalarNode) and isinstance(item.value, str)]


def _named(reading: Reading, node: SequenceNode, kind: Table) -> str:
    """The items of a list as entries of the map that was meant, the first of them at least."""
    if len(reading.outputs) == len(node.items) > 0 and not kind.example and not isinstance(kind.value, AnyData):
        return ", ".join(f"{name}: {item.span.text}" for name, item in zip(reading.outputs, node.items, strict=True))
    items = [str(item.value) for item in node.items if isinstance(item, ScalarNode) and item.value is not None]
    if isinstance(kind.value, AnyData) and items:
        return ", ".join(f"{name}: ..." for name in items)
    return kind.example or f"NAME: {items[0] if items else '...'}"


def _keys(node: SequenceNode) -> set[str]:
    """The keys of items that are maps of one key each; none where any is something else."""
    maps = [item for item in node.items if isinstance(item, MappingNode) and len(item.entries) == 1]
    return {item.entries[0].name for item in maps} if len(maps) == len(node.items) else set()


def _of_scalar(node: ScalarNode, wanted: tuple[Kind, ...]) -> Hint | None:
    """A quoted number, `yes` for true, a number for a name, 2.0 for 2, one thing for a list of it."""
    value, written = node.value, node.span.text
    lists = [kind for kind in wanted if isinstance(kind, Listing) and is_scalar(value, kind.item)]
    beyond = any(isinstance(kind, Number) and right_type(value, kind) for kind in wanted)
    if lists and value is not None and not beyond:
        return _listed(node, lists[0].minimum)
    records = [kind for kind in wanted if isinstance(kind, Record)]
    if records and not (isinstance(value, str) and any(isinstance(kind, Listing) for kind in wanted)):
        return _of_scalar_for_map(node, records[0])
    if value is None:
        allowed = [word for kind in wanted for word in words(kind)]
        return Hint(f"write `{allowed[0]}`") if allowed else meant_by_text(node, "", wanted)
    if isinstance(value, str):
        return _of_text(node, value, wanted)
    if value in (0, 1) and isinstance(value, int) and any(isinstance(kind, Boolean) for kind in wanted):
        meant = "true" if value else "false"
        return Hint(f"write `{meant}`", _written(node.span, value, meant))
    if any(isinstance(kind, Object) and kind.namespace == "regularizers" for kind in wanted):
        return Hint(f"write `{{L2: {{l2: {written}}}}}`")
    if any(isinstance(kind, Text) for kind in wanted):
        return Hint(f'quote it: "{written}"', _written(node.span, value, f'"{written}"'))
    if {"valid", "same"} <= {word for kind in wanted for word in words(kind)} and isinstance(value, int):
        return _of_padding(node, value)
    if isinstance(value, float) and value.is_integer() and any(is_scalar(int(value), kind) for kind in wanted):
        if "${" in written:
            return Hint("divide with `//`, or write `int(...)`")
        return Hint(f"write `{int(value)}`", Fix(node.span, str(int(value)), certain=True))
    return _of_number(node, value, [kind for kind in wanted if isinstance(kind, Number)])


def _of_scalar_for_map(node: ScalarNode, kind: Record) -> Hint | None:
    """`use: stem` for `use: {block: stem}`."""
    keys = [name for name, field in kind.fields.items() if field.required]
    if not keys:
        return _number_for_map(node, kind)
    if node.value is None or not _takes(kind, keys[0], node.value):
        return Hint(f"give it keys of its own, as in `{keys[0]}: ...`")
    others = "".join(f", {name}: ..." for name in keys[1:])
    meant = f"{{{keys[0]}: {node.span.text}{others}}}"
    return Hint(f"write `{meant}`", None if others else Fix(node.span, meant, certain=True))


def _number_for_map(node: ScalarNode, kind: Record) -> Hint | None:
    """`limit: 100` for `limit: {train: 100}`: the first key that may have the number."""
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        return None
    named = next((name for name in kind.fields if _takes(kind, name, node.value)), None)
    return Hint(f"write `{{{named}: {node.span.text}}}`") if named is not None else None


def _takes(kind: Record, name: str, value: Any) -> bool:
    found = kind.fields[name].kind
    return is_scalar(value, found) or (isinstance(found, Tagged) and value in found.options)


def _of_number(node: ScalarNode, value: Any, wanted: list[Number]) -> Hint | None:
    """A number out of bounds: without its sign, as a share instead of a percentage, or the bound itself."""
    if isinstance(value, bool) or not wanted:
        return None
    if "${" in node.span.text:
        return _of_result(value, wanted)
    for meant in (-value, value / 100 if value >= 5 else None):
        if meant is not None and any(is_scalar(meant, kind) for kind in wanted):
            return Hint(f"did you mean `{meant:g}`?", Fix(node.span, f"{meant:g}", certain=False))
    if isinstance(value, float) and all(kind.integer for kind in wanted):
        return Hint("write a whole number")
    bound = _bound(value, wanted[0])
    return Hint(bound) if bound is not None else None


def _of_result(value: float, wanted: list[Number]) -> Hint | None:
    """What an expression came to: a fraction where a whole number is wanted, or a number out of bounds."""
    if isinstance(value, float) and any(is_scalar(int(value), kind) for kind in wanted):
        return Hint("divide with `//`, or write `int(...)` or `round(...)`")
    bound = _bound(value, wanted[0])
    return Hint(bound) if bound is not None else None


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
    bare = str(node.value).strip("[] ")
    if least > 1:
        return Hint(f"write `[{', '.join([bare] * least)}]`")
    certain = node.span.text == str(node.value) and re.fullmatch(_ITEM, bare) is not None
    return Hint(f"write `[{bare}]`", Fix(node.span, f"[{bare}]", certain=True) if certain else None)


def _of_text(node: ScalarNode, value: str, wanted: tuple[Kind, ...]) -> Hint | None:
    if any(isinstance(kind, Boolean) for kind in wanted) and value.lower() in _BOOLEANS:
        meant = _BOOLEANS[value.lower()]
        return Hint(f"write `{meant}`", _written(node.span, value, meant))
    if value == "None" and any(isinstance(kind, Null) for kind in wanted):
        return Hint("write `null`", _written(node.span, value, "null"))
    digits = len(value) < LONGEST and re.fullmatch(_DIGITS, value) is not None
    if digits and any(isinstance(kind, Number) for kind in wanted):
        fitting = any(is_scalar(number(value), kind) for kind in wanted)
        return Hint(f"write it without quotes: `{value}`", _written(node.span, value, value) if fitting else None)
    meant_so = meant_by_text(node, value, wanted)
    if meant_so is not None:
        return meant_so
    lists = [kind for kind in wanted if isinstance(kind, Listing) and not _of_fixed(kind)]
    if not lists:
        return None
    choices = lists[0].item
    near = suggestion(value, choices.options, choices.title) if isinstance(choices, Tagged) else None
    if near is not None and value not in near.names:
        return Hint(f"write `[{near.names[0]}]`")
    return _listed(node, 1)


def of_length(node: SequenceNode, kind: Listing) -> Hint | None:
    """A list of one thing many times, as often as it should stand there: `[3, 3, 3]` for two sizes."""
    texts = {item.span.text for item in node.items if isinstance(item, ScalarNode)}
    alike = len(texts) == 1 and all(isinstance(item, ScalarNode) for item in node.items)
    if not alike or not kind.minimum or kind.minimum != kind.maximum:
        return None
    return Hint(f"write `[{', '.join([*texts] * kind.minimum)}]`")


def _written(span: Span, value: Any, text: str) -> Fix | None:
    """`text` in the place of a value that stands there itself, with or without quotes, and through no alias."""
    plain = isinstance(value, int | float) and not isinstance(value, bool) and "${" not in span.text
    itself = span.text in (f'"{value}"', f"'{value}'", value) or (
        plain and re.fullmatch(_DIGITS, span.text) is not None
    )
    return Fix(span, text, certain=True) if itself else None


def _of_fixed(kind: Listing) -> bool:
    """Whether a list holds numbers or words of which the text is none."""
    return any(isinstance(item, Number | Word) for item in options_of(kind.item))
