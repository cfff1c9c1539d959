"""The schema's definitions: the kinds that several arguments share, Keras' namespaces, their classes, the layers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mnistspec.catalogue import Argument, Catalogue, ClassFacts
from mnistspec.catalogue.activations import LAYER_OF
from mnistspec.catalogue.kinds import (
    AnyData, Boolean, Code, DType, Either, Field, Kind, LayerEntry, Listing, NotBuilt, Null, Number, Object, Record, Table,
    Tagged, Text, Word, describe_kind,
)  # fmt: skip
from mnistspec.json_schema.entries import ENTRY_NAME, FROM, call_arguments
from mnistspec.json_schema.forms import EXPRESSION, Form, closed, listing, number, one_key, union
from mnistspec.values import _DTYPES, _POLICIES

_STATIC = {
    # A `$${` is text: it stands for `${` itself.
    "expression": {"description": "an expression, `${...}`", "type": "string", "pattern": r"(^|[^$])\$\{"},
    "from": FROM,
    "name": ENTRY_NAME,
}
_LONGEST_NAME = 60


class Definitions:
    """Makes schemas of kinds against a catalogue, and collects under names what they refer to."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.definitions: dict[str, Any] = dict(_STATIC)
        self.shared = _shared_kinds(catalogue)

    def collected(self) -> dict[str, Any]:
        """All definitions by name."""
        return dict(sorted(self.definitions.items(), key=lambda item: item[0].lower()))

    def reference(self, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """A reference to a definition, which is made at the first one."""
        if name not in self.definitions:
            self.definitions[name] = {}  # a definition may refer to itself while it is made
            self.definitions[name] = make()
        return {"$ref": f"#/$defs/{name}"}

    def kind(self, kind: Kind) -> dict[str, Any]:
        """The schema of a kind."""
        if isinstance(kind, LayerEntry):
            return self.reference("layer", self.layer)
        if isinstance(kind, AnyData):
            return {}
        if _names_objects(kind) or describe_kind(kind) in self.shared:
            make = lambda: {"description": describe_kind(kind), **union(self.forms(kind))}  # noqa: E731
            return self.reference(_name_of(kind), make)
        return union(self.forms(kind))

    def forms(self, kind: Kind) -> list[Form]:
        """The ways to write a value of a kind; those that are maps become one."""
        options = list(_options(kind))
        maps = [option for option in options if isinstance(option, Object | Record | Table | Tagged)]
        others = [option for option in options if option not in maps]
        return [*([self.map(maps)] if maps else []), *map(self.form, others), *map(self.bare, maps)]

    def form(self, kind: Kind) -> Form:
        match kind:
            case Null() | Code():  # what only code could say leaves null
                return Form("null") if isinstance(kind, Null) else Form()
            case Boolean():
                return Form("boolean")
            case Number():
                return number(kind)
            case Text():
                return Form("string")
            case Word():
                return Form(words=(kind.value,))
            case DType():
                return Form(words=(*sorted(_DTYPES), *sorted(_POLICIES)))
            case Listing():
                return listing(self.kind(kind.item), kind.minimum, kind.maximum)
            case _:
                raise TypeError(f"no form for {kind!r}")
