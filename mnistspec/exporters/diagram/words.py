"""What a drawing says of a layer: the arguments that matter, its shapes, its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mnistspec.calls import Call, Value
from mnistspec.catalogue import Argument
from mnistspec.formats.untrusted import encodable, one_line
from mnistspec.shapes.base import Shape, show
from mnistspec.usual import short_form

DEEPEST = 8  # values inside values that are shown


def telling_arguments(call: Call) -> dict[str, Any]:
    """The arguments that were given and are not their defaults, as plain data."""
    known = call.facts.arguments
    given = {name: _plain(value) for name, value in call.arguments.items() if name != "name"}
    return {name: value for name, value in given.items() if not _is_default(call.facts.name, known[name], value)}


def _is_default(layer: str, argument: Argument, value: Any) -> bool:
    """Whether a value says no more than leaving the argument out: also 1 for the default (1, 1)."""
    short, default = (short_form(layer, argument, one) for one in (value, argument.default))
    return not argument.required and bool(short == default)


def _plain(value: Value) -> Any:
    """A value as plain data: objects as their word, or as a map of one key with what was given to them."""
    if isinstance(value, Call):
        arguments = telling_arguments(value)
        return {value.name: arguments} if arguments else value.bare or value.name
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def argument_words(arguments: Mapping[str, Any], depth: int = DEEPEST) -> tuple[str, ...]:
    """Each argument in a few words: `units=10`, `layer=LSTM(units=32)`; an ellipsis for what lies deeper."""
    return tuple(f"{clean(str(name))}={_words(value, depth)}" for name, value in arguments.items())


def _words(value: Any, depth: int) -> str:
    if isinstance(value, Mapping | list | tuple) and not depth:
        return "…"
    if isinstance(value, Mapping):
        return _object_words(value, depth - 1)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_words(item, depth - 1) for item in value)}]"
    return clean(str(value))


def _object_words(value: Mapping[str, Any], depth: int) -> str:
    """An object as its class with its arguments, any other map as its keys with their values."""
    inner = next(iter(value.values())) if len(value) == 1 else None
    if isinstance(inner, Mapping):
        return f"{clean(str(next(iter(value))))}({', '.join(argument_words(inner, depth))})"
    return f"{{{', '.join(f'{clean(str(name))}: {_words(each, depth)}' for name, each in value.items())}}}"


def shape_words(shapes: Sequence[Shape | None]) -> str:
    return ", ".join(map(show, shapes))


def parameter_words(count: int | None) -> str:
    """How many parameters, in words; nothing where there are none."""
    if count is None:
        return "? parameters"
    return f"{count:,} parameter{'' if count == 1 else 's'}" if count else ""


def clean(text: str) -> str:
    """Text from a spec as one line that can be written."""
    return one_line(encodable(text))
