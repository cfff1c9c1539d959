"""Names of the schema's definitions: the notation of a kind, spelled in characters that a reference may hold."""

from __future__ import annotations

from mnistspec.catalogue.kinds import (
    Boolean,
    Code,
    DType,
    Either,
    Index,
    InnerModel,
    Kind,
    Listing,
    Null,
    Number,
    Object,
    Table,
    Tagged,
    Text,
    Typed,
    Word,
)

_PLAIN = {
    Null: "null", Boolean: "bool", Text: "str", DType: "dtype", Code: "code", Index: "index", Typed: "typed",
    InnerModel: "model",
}  # fmt: skip


def definition_name(kind: Kind) -> str:
    """A name that no other kind has: `int-from-1-or-null`. Raises: TypeError for a kind that has no notation."""
    match kind:
        case Null() | Boolean() | Text() | DType() | Code() | Index() | Typed() | InnerModel():
            return _PLAIN[type(kind)]
        case Number():
            return _number(kind)
        case Word():
            return f"'{kind.value.upper() if kind.any_case else kind.value}'"
        case Object():
            return kind.namespace
        case Tagged():
            return group_name(kind)
        case Listing():
            return f"list-of{_length(kind)}-{_inner(kind.item)}"
        case Table():
            return f"map-of-{_inner(kind.value)}"
        case Either(title=title) if title:
            return title.replace(" ", "-")
        case Either():
            return "-or-".join(map(definition_name, kind.options))
        case _:
            raise TypeError(f"{kind!r} has no notation")


def group_name(kind: Tagged) -> str:
    """What one of a tagged kind's options is called: `data-source`."""
    return kind.title.partition(" ")[2].replace(" ", "-")


def _inner(kind: Kind) -> str:
    name = definition_name(kind)
    return f"({name})" if isinstance(kind, Either) else name


def _length(kind: Listing) -> str:
    if kind.maximum is None:
        return f"-{kind.minimum}-up" if kind.minimum else ""
    return f"-{kind.minimum}" if kind.minimum == kind.maximum else f"-{kind.minimum}-to-{kind.maximum}"


def _number(kind: Number) -> str:
    low = "" if kind.minimum is None else f"-{'above' if kind.open_minimum else 'from'}-{kind.minimum:g}"
    high = "" if kind.maximum is None else f"-{'below' if kind.open_maximum else 'to'}-{kind.maximum:g}"
    return f"{'int' if kind.integer else 'float'}{low}{high}"
