"""Differences for people: `+` for what is only after, `-` for what is only before, `~` for what is otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mnistspec.catalogue import ClassFacts, load
from mnistspec.differences import Differences, LayerChange, Side
from mnistspec.differences.changes import ABSENT, Change
from mnistspec.differences.facts import LayerFacts
from mnistspec.differences.folding import Entry, Folded, folded, unfolded
from mnistspec.differences.settling import settled
from mnistspec.exporters.resolved import plain_value
from mnistspec.formats.untrusted import one_line
from mnistspec.reports.quantities import significant
from mnistspec.shapes.base import show as show_shape

_COLOURS = {"+": "32", "-": "31", "~": "33"}
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
# The longest value that is shown in full (characters).
_WIDTH = 200
# How much of a digest is shown (characters).
_DIGITS = 12
# Text that needs no quotes to be told from what stands around it.
_PLAIN = r"\S(?:[^,{}\[\]]*\S)?"
# How many of several layers are named.
_NAMED = 3
# What is counted, with thousands parted.
_COUNTS = ("params", "trainable params", "flops")


def as_text(found: Differences, *, colour: bool = False, every: bool = False) -> str:
    """What differs, a line a value; the parts in which nothing does are left out.

    Layers that changed alike, or only as others made them, are told together unless `every` one is wanted.
    """
    parts = {
        "layers": list(_layers(unfolded(found.layers) if every else folded(found.layers))),
        "the whole model": list(_changes(found.totals)),
        "settings": list(_changes(found.settings)),
        "runs": list(_changes(found.record)),
        "timings and digests of files, which do not count": list(_changes(found.clocked)),
    }
    lines = [f"{_side(found.before)} -> {_side(found.after)}"]
    for title, own in parts.items():
        lines += ["", _painted(title, "1", colour), *(_coloured(line, colour) for line in own)] if own else []
    if found.same:
        lines += ["", "nothing differs" if not found.clocked else "nothing else differs"]
    return "\n".join(lines)


def _side(side: Side) -> str:
    return f"{one_line(side.name)} ({side.what})"


def _layers(found: Folded) -> Iterator[str]:
    for entry in found.entries:
        yield from _entry(entry)
    if found.renamed:
        yield f"  ~ {len(found.renamed)} layers differ in name alone: {_names(found.renamed)}"
    if found.following:
        what = "output shape, parameters or operations, made so by others"
        yield f"  ~ {len(found.following)} layers differ in {what}: {_names(found.following)}"


def _entry(entry: Entry) -> Iterator[str]:
    change = entry.layers[0]
    sign = _SIGNS[change.what]
    layer = _known(change)
    if change.what != "changed":
        yield f"  {sign} {layer.name}: {_described(layer)}"
        return
    yield f"  {sign} {_names(entry.layers)}: {layer.layer}"
    yield from ("    " + line for line in _changes([one for one in entry.changes if one.key != "name"]))


def _names(layers: Sequence[LayerChange]) -> str:
    """The names, of many the first."""
    names = [_known(one).name + _was(one) for one in layers]
    return (
        ", ".join(names) if len(names) <= _NAMED + 1 else f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    )


def _was(change: LayerChange) -> str:
    before, after = change.before, change.after
    return f" ({before.name} before)" if before and after and before.known_as != after.known_as else ""


def _known(change: LayerChange) -> LayerFacts:
    layer = change.after or change.before
    assert layer is not None, "a change is of a layer before or after"
    return layer


def _described(layer: LayerFacts) -> str:
    arguments = _own_arguments(layer.arguments, load()["layers"].find(layer.layer))
    written = f"{layer.layer} {_shown(arguments)}" if arguments else layer.layer
    shapes = ", ".join(map(show_shape, layer.shapes))
    return f"{written} from {', '.join(layer.sources)}, output {shapes}, {_value('params', layer.params)} parameters"


def _changes(changes: Sequence[Change]) -> Iterator[str]:
    """A line a change; parameters that can all be trained are told once, times only where they look different."""
    params = [(one.before, one.after) for one in changes if one.key == "params"]
    for one in changes:
        again = one.key == "trainable params" and (one.before, one.after) in params
        timing = one.key.startswith("timings.") and _value(one.key, one.before) == _value(one.key, one.after)
        if not again and not timing:
            yield _change(one)


def _change(change: Change) -> str:
    key = one_line(change.key)
    before, after = (_value(key, value) for value in (change.before, change.after))
    if before == after:
        before, after = _shown(change.before), _shown(change.after)
    if change.before is ABSENT:
        return f"  + {key}: {after}"
    return f"  - {key}: {before}" if change.after is ABSENT else f"  ~ {key}: {before} -> {after}"


def _value(key: str, value: Any) -> str:
    section, _, _ = key.partition(".")
    if key == "output shape":
        return _shapes(value)
    if section == "metrics":
        return _shown(_rounded(value))
    if key in _COUNTS and isinstance(value, int):
        return f"{value:,}"
    if section == "timings" and isinstance(value, int | float):
        return f"{value:.3f} s"
    if section == "artifacts" and isinstance(value, str):
        return f"{value[:_DIGITS]}..."
    last = key.rpartition(".")[2].partition("#")[0]
    facts = _facts_of(last, value) if isinstance(value, Mapping) else None
    return _shown(_own_arguments(value, facts) if facts is not None else _short(value))


def _rounded(value: Any) -> Any:
    """Metrics with the digits that reports give them."""
    if isinstance(value, Mapping):
        return {name: _rounded(inner) for name, inner in value.items()}
    return significant(value) if isinstance(value, float) else value


def _shapes(value: Any) -> str:
    """A shape, or the shapes of several outputs, as the table of `show` has them."""
    if isinstance(value, list) and any(isinstance(one, list) for one in value):
        return ", ".join(map(_shapes, value))
    return show_shape(tuple(value) if value is not None else None)


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
    if facts is None:
        return {name: _short(value) for name, value in arguments.items()}
    short, known = settled(facts, arguments), facts.arguments
    defaults = settled(facts, {name: plain_value(one.default) for name, one in known.items()})
    return {
        name: _short(value) for name, value in arguments.items() if name not in known or short[name] != defaults[name]
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
