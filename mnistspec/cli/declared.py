"""What a command takes, declared without Typer, so that a plain call of it need not wait for Typer's import.

A command's parameters are annotated with these; Typer is told of them in `typer_app.py`, and reads every call but the
plain ones. A command so declared returns its exit code, or None for 0.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from mnistspec.frozen import dataclass


@dataclass(frozen=True)
class Option:
    """`--name`, with what help says of it; a parameter of type bool takes no value, one of a list may be repeated."""

    name: str
    help: str
    metavar: str | None = None


@dataclass(frozen=True)
class Argument:
    """What stands on the command line by itself; a parameter of a list takes one or more."""

    metavar: str
    help: str


def declarations(command: Callable[..., Any]) -> Mapping[str, tuple[Any, Option | Argument | None]]:
    """The type of each parameter of a command and its declaration, None for a parameter that has none."""
    hints = get_type_hints(command, include_extras=True)
    return {name: _declaration(hint) for name, hint in hints.items() if name != "return"}


def _declaration(hint: Any) -> tuple[Any, Option | Argument | None]:
    if get_origin(hint) is not Annotated:
        return hint, None
    kind, *extras = get_args(hint)
    return kind, next((extra for extra in extras if isinstance(extra, Option | Argument)), None)


def plain_arguments(command: object, words: Sequence[str]) -> dict[str, Any] | None:
    """What a plain call passes to a command, by parameter; None for any other call, which is Typer's to read.

    Plain are words that start with no dash, `-`, and the declared options in full, each value a word of its own or
    after `=`. Help, mistakes and all that is special (`--`, values like `-1`, patterns on Windows) are not.
    """
    if not isinstance(command, FunctionType) or os.name == "nt":
        return None
    declared = declarations(command)
    if not all(declaration for _, declaration in declared.values()):
        return None
    try:
        return _read(declared, words)
    except _NotPlain:
        return None


class _NotPlain(Exception):
    """A call that is left to Typer."""


def _read(declared: Mapping[str, tuple[Any, Option | Argument | None]], words: Sequence[str]) -> dict[str, Any]:
    options = {how.name: (name, kind) for name, (kind, how) in declared.items() if isinstance(how, Option)}
    found: dict[str, Any] = {}
    positional: list[str] = []
    waiting = iter(words)
    for word in waiting:
        if not word.startswith("-") or word == "-":
            positional.append(word)
            continue
        option, _, value = word.partition("=")
        if option not in options:
            raise _NotPlain
        name, kind = options[option]
        found[name] = _value(kind, value if "=" in word else None, waiting, found.get(name))
    return found | _positional(declared, positional)


def _value(kind: Any, value: str | None, waiting: Any, before: Any) -> Any:
    """What an option stands for: `value` is what follows its `=`, `before` what was found of it so far."""
    if kind is bool:
        if value is not None:
            raise _NotPlain
        return True
    if value is None:
        value = next(waiting, "-")
        if value.startswith("-"):
            raise _NotPlain
    if kind is str or kind == str | None:
        return value
    if kind == list[str] | None:
        return [*(before or ()), value]
    raise _NotPlain


def _positional(declared: Mapping[str, tuple[Any, Option | Argument | None]], words: list[str]) -> dict[str, Any]:
    arguments = [(name, kind) for name, (kind, how) in declared.items() if isinstance(how, Argument)]
    match arguments, words:
        case [(name, kind)], [_, *_] if kind == list[str]:
            return {name: words}
    if len(arguments) != len(words) or any(kind is not str for _, kind in arguments):
        raise _NotPlain
    return {name: word for (name, _), word in zip(arguments, words, strict=True)}
