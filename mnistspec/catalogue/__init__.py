"""What Keras offers, as data: every public class and its arguments, generated from Keras and read here without it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from mnistspec.catalogue.kinds import Kind, parse_kind
from mnistspec.frozen import dataclass

NAMESPACES = (
    "layers", "optimizers", "schedules", "losses", "metrics", "callbacks", "initializers", "regularizers",
    "constraints", "activations", "ops", "applications",
)  # fmt: skip


# Where keras.io has a namespace elsewhere than under its own name.
_PAGES = {
    "activations": "layers/activations", "constraints": "layers/constraints", "initializers": "layers/initializers",
    "regularizers": "layers/regularizers", "schedules": "optimizers/learning_rate_schedules",
    "cells": "layers/recurrent_layers",
}  # fmt: skip


@dataclass(frozen=True)
class Argument:
    """One argument of a class: its kind, and its default as plain data (tuples as lists) unless `required`.

    `insists` names the Python type that Keras demands, `float` or `list`, where 1 or a tuple will not do. `tensor` says
    of an argument of a function that it is a tensor: `one`, a `list` of them, or `rest`, all of them by their places.
    Its kind is then that of a constant, and it must be given, in one way or the other, unless `optional`.
    """

    name: str
    notation: str
    required: bool
    default: Any = None
    insists: str | None = None
    tensor: str | None = None
    optional: bool = False

    @cached_property
    def kind(self) -> Kind:
        return parse_kind(self.notation)


@dataclass(frozen=True)
class ClassFacts:
    """One public class (or function) of Keras.

    `path` is where Keras has it (`keras.layers.Dense`), `first_argument` what its call is on (`inputs`, `query`),
    `call_arguments` what its call takes besides, `bases` the public classes it extends, nearest first, `refused` why a
    spec may not use it (empty when it may). `stated` is what the catalogue's file says of each argument, in order.
    `operation` is the class that a function leaves in a model's config, and `called_on` what that is called on.
    """

    name: str
    namespace: str
    path: str
    stated: Sequence[Mapping[str, Any]] = field(repr=False)
    first_argument: str = "inputs"
    call_arguments: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    refused: str = ""
    operation: str = ""
    called_on: tuple[str, ...] = ()

    @cached_property
    def arguments(self) -> Mapping[str, Argument]:
        """The arguments by name: made when they are asked for, since a spec uses few of the classes."""
        return {body["name"]: _argument(body) for body in self.stated}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The names of the arguments that must be given."""
        return tuple(name for name, argument in self.arguments.items() if argument.required)

    @cached_property
    def tensors(self) -> tuple[Argument, ...]:
        """The arguments of a function that are tensors, in their order."""
        return tuple(argument for argument in self.arguments.values() if argument.tensor is not None)

    @cached_property
    def is_application(self) -> bool:
        """Whether it makes a whole model of keras.applications."""
        return self.namespace == "applications"

    @property
    def place(self) -> str:
        """The name with its namespace: `layers.Dense`, `ops.add`."""
        return self.name if self.name.startswith(f"{self.namespace}.") else f"{self.namespace}.{self.name}"

    @property
    def url(self) -> str:
        """Keras' own page on the classes of this kind."""
        return f"https://keras.io/api/{_PAGES.get(self.namespace, self.namespace)}/"


@dataclass(frozen=True)
class Namespace:
    """The classes of one namespace by name, aliases included, and the words Keras takes for them (`adam`, `mse`).

    For the words in `picked_by_shape` (`accuracy`, `crossentropy`) Keras picks the binary, the categorical or the
    sparse class when it sees the shapes of labels and outputs; `identifiers` has the sparse one for them.
    """

    name: str
    classes: Mapping[str, ClassFacts]
    identifiers: Mapping[str, str]
    picked_by_shape: frozenset[str] = frozenset()

    @cached_property
    def by_operation(self) -> Mapping[str, ClassFacts]:
        """The functions by the operation that they leave in a model's config; one for each, of those that make it."""
        return {facts.operation: facts for facts in self.classes.values() if facts.operation}

    def find(self, name: str) -> ClassFacts | None:
        """The class a bare name means: a class, an alias of one, or a word that Keras takes for one."""
        known = self.classes.get(name)
        if known is None and name in self.identifiers:
            return self.classes.get(self.identifiers[name])
        return known

    def names(self) -> Iterable[str]:
        return (*self.classes, *self.identifiers)


@dataclass(frozen=True)
class Catalogue:
    """All namespaces of one version of Keras."""

    keras_version: str
    namespaces: Mapping[str, Namespace]

    def __getitem__(self, namespace: str) -> Namespace:
        return self.namespaces[namespace]


def schemas_folder() -> Path:
    """The folder of the published schema and the catalogue: inside an installed package, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "schemas"
    return inside if inside.is_dir() else package.parent / "schemas"


def catalogue_file() -> Path:
    """The file that `load` reads and the generator writes."""
    return schemas_folder() / "keras-catalogue.json"


@lru_cache(maxsize=1)
def load() -> Catalogue:
    """The catalogue that ships with this version."""
    return from_document(json.loads(catalogue_file().read_text("utf-8")))


def from_document(document: Mapping[str, Any]) -> Catalogue:
    """A catalogue from its JSON form (see `collect.py` for the form).

    A namespace with `members` (the recurrent cells) has no classes of its own: it holds some of another's.
    """
    bodies = document["namespaces"]
    own = {name: _namespace(name, body) for name, body in bodies.items() if "classes" in body}
    drawn = {name: _members(name, body, own[body["of"]]) for name, body in bodies.items() if "members" in body}
    return Catalogue(document["keras_version"], {**own, **drawn})


def _namespace(name: str, body: Mapping[str, Any]) -> Namespace:
    classes: dict[str, ClassFacts] = {}
    for class_name, facts in body["classes"].items():
        known = _class_facts(name, class_name, facts)
        classes |= dict.fromkeys((class_name, *facts.get("aliases", ())), known)
    return Namespace(name, classes, body.get("identifiers", {}), frozenset(body.get("picked_by_shape", ())))


def _members(name: str, body: Mapping[str, Any], of: Namespace) -> Namespace:
    return Namespace(name, {member: of.classes[member] for member in body["members"]}, {})


def _class_facts(namespace: str, name: str, facts: Mapping[str, Any]) -> ClassFacts:
    return ClassFacts(
        name=name,
        namespace=namespace,
        path=facts["path"],
        stated=facts["arguments"],
        first_argument=facts.get("first", "inputs"),
        call_arguments=tuple(facts.get("call", ())),
        bases=tuple(facts.get("bases", ())),
        refused=facts.get("refused", ""),
        operation=facts.get("operation", ""),
        called_on=tuple(facts.get("called_on", ())),
    )


def _argument(body: Mapping[str, Any]) -> Argument:
    tensor = body.get("tensor")
    required = "default" not in body and tensor is None
    optional = tensor is not None and "default" in body
    given = (body["name"], body["kind"], required, body.get("default"), body.get("insists"))
    return Argument(*given, tensor=tensor, optional=optional)
