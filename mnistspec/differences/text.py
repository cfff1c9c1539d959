"""Differences for people: `+` for what is only after, `-` for what is only before, `~` for what is otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mnistspec.catalogue import ClassFacts, load
from mnistspec.differences import Differences, LayerChange, Side
from mnistspec.differences.changes import ABSENT, Change
from mnistspec.differences.facts import LayerFacts
from mnistspec.exporters.resolved import plain_value
from mnistspec.formats.untrusted import one_line

_COLOURS = {"+": "32", "-": "31", "~": "33"}
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
# The longest value that is shown in full (characters).
_WIDTH = 200
# How much of a digest is shown (characters).
_DIGITS = 12
# Text that needs no quotes to be told from what stands around it.
_PLAIN = r"\S(?:[^,{}\[\]]*\S)?"
# What is counted, with thousands parted.
_COUNTS = ("params", "trainable params", "flops")


def as_text(found: Differences, *, colour: bool = False) -> str:
    """What differs, a line a value; the parts in which nothing does are left out."""
    parts = {
        "layers": [line for change in found.layers for line in _layer(change)],
        "the whole model": [_change(change) for change in found.totals],
        "settings": [_change(change) for change in found.settings],
        "runs": [_change(change) for change in found.record],
        "timings and digests of files, which do not count": [_change(change) for change in found.clocked],
    }
    lines = [f"{_side(found.before)} -> {_side(found.after)}"]
    for title, own in parts.items():
        lines += ["", _painted(title, "1", colour), *(_coloured(line, colour) for line in own)] if own else []
    if found.same:
        lines += ["", "nothing differs" if not found.clocked else "nothing else differs"]
    return "\n".join(lines)


def _side(side: Side) -> str:
    return f"{one_line(side.name)} ({side.what})"


def _layer(change: LayerChange) -> Iterator[str]:
    sign = _SIGNS[change.what]
    layer = change.after or change.before
    assert layer is not None, "a change is of a layer before or after"
    if change.what != "changed":
        yield f"  {sign} {layer.name}: {_described(layer)}"
        return
    assert change.before is not None
    was = f" ({change.before.name} before)" if change.before.name != layer.name else ""
    yield f"  {sign} {layer.name}: {layer.layer}{was}"
    for one in change.changes:
        if one.key != "name":
            yield "    " + _change(one)


def _described(layer: LayerFacts) -> str:
    arguments = _own_arguments(layer.arguments, load()["layers"].find(layer.layer))
    written = f"{layer.layer} {_shown(arguments)}" if arguments else layer.layer
    shapes = ", ".join(_shown(list(shape) if shape is not None else None) for shape in layer.shapes)
    return f"{written} from {', '.join(layer.sources)}, output {shapes}, {_value('params', layer.params)} parameters"


def _change(change: Change) -> str:
    key = one_line(change.key)
    before, after = (_value(key, value) for value in (change.before, change.after))
    if change.before is ABSENT:
        return f"  + {key}: {after}"
    return f"  - {key}: {before}" if change.after is ABSENT else f"  ~ {key}: {before} -> {after}"


def _value(key: str, value: Any) -> str:
    section, _, _ = key.partition(".")
    if key in _COUNTS and isinstance(value, int):
        return f"{value:,}"
    if section == "timings" and isinstance(value, int | float):
        return f"{value:.3f} s"
    if section == "artifacts" and isinstance(value, str):
        return f"{value[:_DIGITS]}..."
    last = key.rpartition(".")[2].partition("#")[0]
    facts = _facts_of(last, value) if isinstance(value, Mapping) else None
    return _shown(_own_arguments(value, facts) if facts is not None else _short(value))


def _short(value: Any) -> Any:
    """A value with objects without the arguments that have their defaults."""
    if isinstance(value, Mapping) and len(value) == 1:
        ((name, arguments),) = value.items()
        known = _facts_of(str(name), arguments) if isinstance(arguments, Mapping) else None
        if known is not None:
            return {name: own} if (own := _own_arguments(arguments, known)) else name
    if isinstance(value, Mapping):
        return {name: _short(inner) for name, inner in value.items()}
    return [_short(inner) for inner in value] if isinstance(value, list) else value


def _facts_of(name: str, arguments: Mapping[str, Any]) -> ClassFacts | None:
    """The class of that name that takes these arguments."""
    found = (namespace.classes.get(name) for namespace in load().namespaces.values())
    return next((facts for facts in found if facts is not None and arguments.keys() <= facts.arguments.keys()), None)


def _own_arguments(arguments: Mapping[str, Any], facts: ClassFacts | None) -> dict[str, Any]:
    """The arguments that do not have their defaults."""
    known = facts.arguments if facts is not None else {}
    return {
        name: _short(value)
        for name, value in arguments.items()
        if name not in known or plain_value(known[name].default) != value
    }


def _shown(value: Any) -> str:
    text = _inner(value)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."


def _inner(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_inner(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_inner, value)) + "]"
    text = one_line(str(value))
    return text if re.fullmatch(_PLAIN, text) or not isinstance(value, str) else f"'{text}'"


def _coloured(line: str, colour: bool) -> str:
    return _painted(line, _COLOURS[line.lstrip()[0]], colour)


def _painted(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
