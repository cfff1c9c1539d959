"""What a drawing says of a layer: the arguments that matter, its shapes, its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mnistspec.formats.untrusted import encodable, one_line
from mnistspec.shapes.base import Shape, show
from mnistspec.spec import Call, Value


def telling_arguments(call: Call) -> dict[str, Any]:
    """The arguments that were given and are not their defaults, as plain data."""
    known = call.facts.arguments
    given = {name: _plain(value) for name, value in call.arguments.items() if name != "name"}
    return {name: value for name, value in given.items() if known[name].required or value != known[name].default}


def _plain(value: Value) -> Any:
    """A value as plain data: objects as their word, or as a map of one key with what was given to them."""
    if isinstance(value, Call):
        arguments = telling_arguments(value)
        return {value.name: arguments} if arguments else value.bare or value.name
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def argument_words(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """Each argument in a few words: `units=10`, `layer=LSTM(units=32)`."""
    return tuple(f"{clean(name)}={_words(value)}" for name, value in arguments.items())


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return _object_words(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_words, value))}]"
    return clean(str(value))


def _object_words(value: Mapping[str, Any]) -> str:
    inner = next(iter(value.values())) if len(value) == 1 else None
    if isinstance(inner, Mapping):
        return f"{clean(next(iter(value)))}({', '.join(argument_words(inner))})"
    return f"{{{', '.join(f'{clean(str(name))}: {_words(each)}' for name, each in value.items())}}}"


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
