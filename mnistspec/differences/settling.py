"""Arguments in one of the forms that mean the same, so that only a difference in meaning counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnistspec.catalogue import Argument, ClassFacts, load
from mnistspec.catalogue.kinds import Object
from mnistspec.exporters.resolved import plain_value
from mnistspec.graph import snake_case
from mnistspec.usual import means_null, short_form
from mnistspec.values.scalars import options_of

# Of these a word is the class with its defaults.
_WORDS = ("initializers", "regularizers", "constraints")
_WRAPPED = ("layers", "cells")


def is_counted(name: str, layer: str) -> bool:
    """Whether a name is the class' and a number, as Keras gives it."""
    return re.fullmatch(rf"{re.escape(snake_case(layer))}(_[0-9]+)?", name) is not None


def settled(facts: ClassFacts, given: Mapping[str, Any]) -> dict[str, Any]:
    """3 for `[3, 3]`, the class for a word, null for what it comes to; a wrapped layer without a counted name."""
    known = facts.arguments
    short = {name: _short(facts, known[name], value) if name in known else value for name, value in given.items()}
    return {name: None if name in known and means_null(known[name], short) else short[name] for name in short}


def _short(facts: ClassFacts, argument: Argument, value: Any) -> Any:
    spaces = [kind.namespace for kind in options_of(argument.kind) if isinstance(kind, Object)]
    name, arguments = _object(value)
    found = next((one for one in map(load().namespaces.get, spaces) if one is not None and one.find(name)), None)
    known = found.find(name) if found is not None else None
    if found is None or known is None:
        return short_form(facts.name, argument, value)
    if found.name in _WORDS:
        return {known.name: {one.name: plain_value(one.default) for one in known.arguments.values()} | {**arguments}}
    return {known.name: _wrapped(known, arguments)} if found.name in _WRAPPED else value


def _object(value: Any) -> tuple[str, Mapping[str, Any]]:
    """The name of an object, with its arguments; empty for any other value."""
    if isinstance(value, str):
        return value, {}
    if isinstance(value, Mapping) and len(value) == 1:
        ((name, arguments),) = value.items()
        return str(name), arguments if isinstance(arguments, Mapping) else {}
    return "", {}


def _wrapped(facts: ClassFacts, arguments: Mapping[str, Any]) -> dict[str, Any]:
    own = settled(facts, {name: value for name, value in arguments.items() if name != "name"})
    name = arguments.get("name")
    return own if name is None or is_counted(str(name), facts.name) else {"name": name, **own}
