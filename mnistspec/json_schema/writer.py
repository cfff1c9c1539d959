"""Writes kinds, records and Keras' classes as JSON Schema, with the definitions that several of them share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from mnistspec.catalogue import Argument, Catalogue, ClassFacts
from mnistspec.catalogue.activations import LAYER_OF
from mnistspec.catalogue.kinds import (
    ARRAY_FORMS,
    AnyData,
    Either,
    Field,
    InnerModel,
    Kind,
    LayerEntry,
    Listing,
    Null,
    Object,
    Record,
    Table,
    Tagged,
    Typed,
)
from mnistspec.catalogue.words import describe_kind
from mnistspec.json_schema.forms import EXPRESSION, Form, closed, listing, one_key, scalar, table, union
from mnistspec.json_schema.names import definition_name, group_name
from mnistspec.json_schema.own_keys import OWN_KEYS, own_references, python_object, sharing, with_own_keys
from mnistspec.language import NESTED, NESTED_CALL, REPEAT, SHARE, USE
from mnistspec.values.reading import PYTHON


class Writer:
    """Writes schemas against a catalogue; `definitions` holds by name what they refer to."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.definitions: dict[str, Any] = {"expression": EXPRESSION, **OWN_KEYS}
        self.shared = _frequent(catalogue)

    def reference(self, name: str, write: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """A reference to a definition, which is written at the first one."""
        if name not in self.definitions:
            self.definitions[name] = {}  # what is being written may refer to itself
            self.definitions[name] = write()
        return {"$ref": f"#/$defs/{name}"}

    def kind(self, kind: Kind) -> dict[str, Any]:
        """The schema of a kind; a reference where there are many names in it."""
        match kind:
            case AnyData():
                return {}
            case LayerEntry():
                return self.reference("entry", self.entry)
            case _ if _has_names(kind):
                return self.reference(definition_name(kind), lambda: self.described(kind))
            case _:
                return union(self.forms(kind))

    def described(self, kind: Kind) -> dict[str, Any]:
        return {"description": describe_kind(kind), **union(self.forms(kind))}

    def forms(self, kind: Kind) -> list[Form]:
        """The ways to write a value of a kind."""
        options = list(_options(kind))
        namespaces = [option.namespace for option in options if isinstance(option, Object)]
        if not namespaces:
            return [form for option in options for form in self.form(option)]
        values = [option.value for option in options if isinstance(option, Table)]
        others = [option for option in options if not isinstance(option, Object | Table | InnerModel)]
        models = any(isinstance(option, InnerModel) for option in options)
        objects = self.objects_or_map(namespaces, values[0]) if values else self.objects(namespaces, models=models)
        return [objects, *(form for option in others for form in self.form(option))]

    def form(self, kind: Kind) -> list[Form]:
        """The ways to write a value of a kind that is neither a union nor an object of Keras."""
        match kind:
            case Record():
                return self.record(kind)
            case Tagged():
                return [self.tagged(kind)]
            case Listing():
                return [listing(self.kind(kind.item), kind.minimum, kind.maximum)]
            case Table():
                return [table(self.kind(kind.value))]
            case Typed():
                return [Form("object", self.reference("typed", self.typed))]
            case _:
                return scalar(kind)

    def typed(self) -> dict[str, Any]:
        """Numbers of a dtype or in a form, as a map with that for its one key."""
        return one_key({form: self.kind(kind) for form, kind in ARRAY_FORMS.items()})

    def record(self, kind: Record) -> list[Form]:
        """A map with the record's keys, or the value of `positional`."""
        required = [name for name, field in kind.fields.items() if field.required]
        keywords = closed({name: self.field(field) for name, field in kind.fields.items()}, required)
        alone = self.forms(kind.fields[kind.positional].kind) if kind.positional is not None else []
        return [Form("object", {"title": kind.title, **keywords}), *alone]

    def field(self, field: Field) -> dict[str, Any]:
        """One key of a record, with its meaning and its default."""
        schema = {"description": field.doc, **self.kind(field.kind)}
        takes_null = any(isinstance(option, Null) for option in _options(field.kind))
        if field.required or (field.default is None and not takes_null):
            return schema
        return {**schema, "default": list(field.default) if isinstance(field.default, tuple) else field.default}

    def tagged(self, kind: Tagged) -> Form:
        """The name of an option that needs nothing, or a map with an option for its one key."""
        group = group_name(kind)
        bare = (name for name, record in kind.options.items() if not any(f.required for f in record.fields.values()))
        return self.named(group, tuple(bare), {name: self.option(group, name, kind) for name in kind.options})

    def option(self, group: str, name: str, kind: Tagged) -> dict[str, Any]:
        record = kind.options[name]
        return self.reference(f"{group}.{name}", lambda: {"description": record.title, **union(self.record(record))})

    def named(self, group: str, bare: tuple[str, ...], properties: Mapping[str, Any]) -> Form:
        """One of the bare names, or a map with one of the properties, which become a definition of their own."""
        listed = group == "entries"
        arguments = self.reference(f"{group}-with-arguments", lambda: one_key(properties, listed=listed))
        return Form("object", arguments, bare)

    def entry(self) -> dict[str, Any]:
        """One entry of `layers`."""
        namespaces = ["layers", "ops", "applications"]
        properties = {**self.classes(namespaces), **self.language_keys()}
        return {"description": "a layer", **union([self.named("entries", self.bare(namespaces), properties)])}

    def language_keys(self) -> dict[str, Any]:
        """What an entry of `layers` may be besides a layer or a function of Keras."""
        return {
            "use": self.reference("use", self.use),
            "repeat": self.reference("repeat", self.repeat),
            SHARE: self.reference(SHARE, sharing),
            **self.models(),
            PYTHON: self.reference("python-layer", lambda: python_object(layer=True)),
        }

    def models(self) -> dict[str, Any]:
        """The keys of nested models."""
        return {name: self.reference(f"nested.{name}", partial(self.nested, kind)) for name, kind in NESTED.items()}

    def nested(self, kind: Record) -> dict[str, Any]:
        """The map of a nested model, which has layers of its own; the language's own keys as any layer has them."""
        schema = union(self.record(kind))
        return {**schema, "properties": {**schema["properties"], **own_references(NESTED_CALL)}}

    def use(self) -> dict[str, Any]:
        """The map of a used block, its name written as a layer's."""
        schema = union(self.record(USE))
        return {**schema, "properties": {**schema["properties"], "name": {"$ref": "#/$defs/name"}}}

    def repeat(self) -> dict[str, Any]:
        return union(self.record(REPEAT))

    def objects(self, namespaces: Sequence[str], *, models: bool = False) -> Form:
        """An object of one of the namespaces; with `models` also a nested model or an application."""
        known = [*namespaces, *(["applications"] if models else [])]
        properties = {**self.classes(known), **(self.models() if models else {})}
        form = self.named("-or-".join(known), self.bare(known), properties)
        if not {"layers", "cells"} & {*namespaces}:
            return form
        return Form("object", {**form.keywords, "allOf": [{"$ref": "#/$defs/uncalled"}]}, form.words)

    def objects_or_map(self, namespaces: Sequence[str], value: Kind) -> Form:
        """An object of one of the namespaces, or a map from names that are no classes to values of a kind."""
        keywords = {"properties": self.classes(namespaces), "additionalProperties": self.kind(value)}
        return Form("object", keywords, self.bare(namespaces))

    def bare(self, namespaces: Sequence[str]) -> tuple[str, ...]:
        """The names that stand for objects without arguments."""
        known = [self.catalogue[namespace] for namespace in namespaces]
        return tuple(
            name
            for namespace in known
            for name in namespace.names()
            if name in namespace.identifiers or _is_ready(namespace.classes[name])
        )

    def classes(self, namespaces: Sequence[str]) -> dict[str, Any]:
        """A reference to each class that takes arguments in a spec, by every name it has."""
        known = [self.catalogue[namespace].classes for namespace in namespaces]
        found = {
            name: self.class_(facts) for classes in known for name, facts in classes.items() if _takes_arguments(facts)
        }
        return {**found, PYTHON: self.reference(PYTHON, python_object)}

    def class_(self, facts: ClassFacts) -> dict[str, Any]:
        return self.reference(facts.place, lambda: self.arguments(facts))

    def arguments(self, facts: ClassFacts) -> dict[str, Any]:
        """The map of a class' arguments."""
        properties = {name: self.argument(argument) for name, argument in facts.arguments.items()}
        if facts.namespace in ("layers", "ops", "applications"):
            properties = with_own_keys(facts, properties)
        form = Form("object", closed(properties, _required(facts)))
        return {"title": facts.name, "description": f"{facts.path}, see {facts.url}", **union([form])}

    def argument(self, argument: Argument) -> dict[str, Any]:
        """One argument of a class, with its kind in words and its default."""
        kind = argument.kind
        if argument.notation in self.shared or _has_names(kind):
            schema = self.reference(definition_name(kind), lambda: self.described(kind))
        else:
            schema = self.described(kind)
        return schema if argument.required else {**schema, "default": argument.default}


def _frequent(catalogue: Catalogue) -> set[str]:
    """The notations of kinds that several arguments have."""
    classes = [facts for namespace in catalogue.namespaces.values() for facts in namespace.classes.values()]
    count = Counter(argument.notation for facts in classes for argument in facts.arguments.values())
    return {notation for notation, times in count.items() if times > 1}


def _options(kind: Kind) -> Iterator[Kind]:
    if not isinstance(kind, Either):
        yield kind
        return
    for option in kind.options:
        yield from _options(option)


def _has_names(kind: Kind) -> bool:
    return any(isinstance(option, Object | Tagged) for option in _options(kind))


def _required(facts: ClassFacts) -> list[str]:
    return [argument.name for argument in facts.arguments.values() if argument.required]


def _is_ready(facts: ClassFacts) -> bool:
    return not facts.refused and not _required(facts)


def _takes_arguments(facts: ClassFacts) -> bool:
    return not facts.refused and (facts.namespace != "activations" or facts.name in LAYER_OF)
