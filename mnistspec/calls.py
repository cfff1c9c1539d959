"""Keras' objects as a spec has them: a class with its arguments, and the values that arguments have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from mnistspec.catalogue import ClassFacts
from mnistspec.frozen import dataclass
from mnistspec.source import Span

if TYPE_CHECKING:
    from mnistspec.spec import ModelSpec

# A value of an argument: plain data (lists as tuples), an object, or lists and maps of such.
Value: TypeAlias = "bool | int | float | str | Call | tuple[Value, ...] | Mapping[str, Value] | None"


@dataclass(frozen=True, slots=True)
class PythonObject:
    """A Python object outside Keras: `name` in `module`, which is looked for in the folder `path` first.

    `path` is seen from the spec's folder. `called` says that arguments were written, so that it is called, a function
    too; otherwise a class is called without arguments, and a function is taken as it is where Keras takes one.
    """

    module: str
    name: str
    path: str
    called: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.name}"


@dataclass(frozen=True, slots=True)
class Call:
    """An object of Keras and the arguments given to it: `Dense: {units: 10}`.

    `spans` has the place of each argument's value and `span` that of the class' name. `bare` remembers that only a name
    was written (`relu`, `adam`), in the word that was used. `complete` is false where an argument is missing because
    of a reported mistake: nothing can then be worked out from the arguments. `code` names an object that is
    not Keras', `model` is what a model as a layer consists of.
    """

    facts: ClassFacts
    arguments: Mapping[str, Value]
    span: Span = field(compare=False)
    spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)
    bare: str | None = None
    complete: bool = True
    code: PythonObject | None = None
    model: ModelSpec | None = None

    @property
    def name(self) -> str:
        """The class' own name, whatever alias was written."""
        return self.facts.name

    def argument(self, name: str) -> Value:
        """The value of an argument, its default when it was not given."""
        if name in self.arguments:
            return self.arguments[name]
        known = self.facts.arguments.get(name)
        return known.default if known is not None else None

    def knows(self, argument: str) -> bool:
        """Whether the argument is what was meant: written, or its default and no mistake reported in the call."""
        return self.complete or argument in self.arguments

    def span_of(self, argument: str) -> Span:
        """Where the argument's value stands; the class' name when it was not given."""
        return self.spans.get(argument, self.span)


def calls_in(value: object) -> Iterator[Call]:
    """Every object in a value, the value itself included, outer ones first."""
    if isinstance(value, Call):
        yield value
        value = value.arguments
    if isinstance(value, Mapping):
        value = tuple(value.values())
    for item in value if isinstance(value, tuple) else ():
        yield from calls_in(item)


def is_complete(value: object) -> bool:
    """Whether no argument of an object in the value is missing because of a mistake reported before."""
    if isinstance(value, Call):
        return value.complete and (not value.arguments or all(map(is_complete, value.arguments.values())))
    if isinstance(value, tuple):
        return all(map(is_complete, value))
    return not isinstance(value, dict) or all(map(is_complete, value.values()))
