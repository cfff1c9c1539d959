"""Kinds in words, as messages and the reference say them."""

from __future__ import annotations

from mnistspec.catalogue.kinds import (
    CONSTANT,
    NUMBERS,
    AnyData,
    Boolean,
    Code,
    DType,
    Either,
    Index,
    InnerModel,
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
    Typed,
    Word,
)

# Kinds of which there is only one of each.
_ALWAYS: dict[type, str] = {
    AnyData: "plain data", Null: "null", Boolean: "true or false", Text: "a string",
    DType: "a dtype such as `float32`", Typed: "a map of a dtype to numbers",
    Index: "an integer, a slice such as `1:5`, `...` or `newaxis`", InnerModel: "a model", Code: "Python code",
    LayerEntry: "a layer",
}  # fmt: skip
_SINGULAR = {
    "activations": "an activation", "layers": "a layer", "optimizers": "an optimizer", "schedules": "a schedule",
    "losses": "a loss", "metrics": "a metric", "callbacks": "a callback", "initializers": "an initializer",
    "regularizers": "a regularizer", "constraints": "a constraint", "cells": "a recurrent cell",
    "ops": "a function", "applications": "an application",
}  # fmt: skip


def describe_kind(kind: Kind) -> str:
    """The kind in words, as a message says it: `an integer of at least 1, or null`."""
    if kind in (CONSTANT, NUMBERS):
        return "a number, or lists of numbers"
    match kind:
        case Number():
            return ("an integer" if kind.integer else "a number") + _bounds(kind)
        case Word():
            return f"`{kind.value}`"
        case Listing():
            return _listing(kind)
        case Table():
            return f"a map of {kind.title or _plural(kind.value)}"
        case Object():
            return _SINGULAR.get(kind.namespace, f"one of keras.{kind.namespace}")
        case Record():
            return f"a map ({kind.title})"
        case Tagged():
            return kind.title
        case Either(title=title) if title:
            return title
        case Either():
            words = [describe_kind(option) for option in kind.options]
            return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
        case _:
            return _ALWAYS[type(kind)]


def _listing(kind: Listing) -> str:
    if kind.minimum == kind.maximum == 1:
        return f"a list of one item, {describe_kind(kind.item)}"
    many = "" if kind.maximum is None and kind.minimum == 0 else f"{kind.minimum} "
    if kind.maximum is None and kind.minimum == 1:
        many = "one or more "
    if kind.maximum not in (None, kind.minimum):
        many = f"{kind.minimum} to {kind.maximum} "
    return f"a list of {many}{_plural(kind.item)}"


def _plural(kind: Kind) -> str:
    match kind:
        case Number():
            return ("integers" if kind.integer else "numbers") + _bounds(kind)
        case Text():
            return "strings"
        case Boolean():
            return "booleans"
        case Object():
            return kind.namespace
        case Listing():
            return describe_kind(kind).replace("a list", "lists", 1)
        case Either() if (named := kind.named) and isinstance(named[0], Object):
            return named[0].namespace  # null and lists of them are told where it matters
        case Either() if all(isinstance(option, Number | Text | Null) for option in kind.options):
            return " or ".join("null" if isinstance(option, Null) else _plural(option) for option in kind.options)
        case _:
            return f"values, each {describe_kind(kind)}"


def _bounds(kind: Number) -> str:
    low, high = f"{kind.minimum or 0:g}", f"{kind.maximum or 0:g}"
    if kind.minimum is None and kind.maximum is None:
        return ""
    if kind.minimum is None:
        return f" {'under' if kind.open_maximum else 'of at most'} {high}"
    if kind.maximum is None:
        return f" {'above' if kind.open_minimum else 'of at least'} {low}"
    if low == high:
        return f" equal to {low}"
    return f" from {'above ' if kind.open_minimum else ''}{low} to {'under ' if kind.open_maximum else ''}{high}"
