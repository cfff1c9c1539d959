"""Kinds: what values an argument may have, as data, with a notation short enough for a table.

int>=1            an integer of at least 1              int, int>=0
float[0,1)        a number from 0 to under 1            float, float>0, float>=0, float<=0, float[0,1]
bool null str any
'valid'           this word                             'valid' | 'same'
'valid'/i         this word, in capitals too
dtype             the name of a dtype
index             one item of a Python index (see `indices.py`)
list(int>=1,2)    a list of exactly two such            list(K), list(K,2,4): two to four
map(K)            a map from any name to K
constant          a number or a boolean, or lists of them, up to five deep; or `{float64: [0.5, 1]}`, of a dtype
@layers           an object of a namespace: a name, or a map of one key with its arguments
model             a model as the layer inside another: `Sequential`, `Functional` or an application
code              something only Python can say (a function, a class of one's own)
K | K             either
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, cached_property
from typing import Any, TypeAlias

from mnistspec.frozen import dataclass


@dataclass(frozen=True)
class _Simple:
    """A kind that is fully said by its name."""


class AnyData(_Simple):
    """Any plain data."""


class Null(_Simple):
    pass


class Boolean(_Simple):
    pass


@dataclass(frozen=True)
class Number:
    """A number between bounds; `integer` says that 1.5 will not do. A bound is open where so marked."""

    integer: bool
    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False
    open_maximum: bool = False


class Text(_Simple):
    pass


@dataclass(frozen=True)
class Word:
    """One fixed string; with `any_case` also in capitals, which stand for the same."""

    value: str
    any_case: bool = False


class DType(_Simple):
    pass


class Index(_Simple):
    """One item of a Python index: an integer, `1:5`, `::2`, `...`, `newaxis`."""


class Typed(_Simple):
    """Numbers of a dtype, or in another form than an array: a map with the dtype or the form for its one key."""


@dataclass(frozen=True)
class Listing:
    """A list of one kind of item, with bounds on its length (items)."""

    item: Kind
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True)
class Table:
    """A map from any name to one kind of value. `title` says what these are, `example` one of them."""

    value: Kind
    title: str = ""
    example: str = ""


@dataclass(frozen=True)
class Object:
    """An object of one of Keras' namespaces: `layers`, `optimizers`, `schedules`, `losses`, ..."""

    namespace: str


class InnerModel(_Simple):
    """A model as the layer inside another, written as an entry of `layers` that nests a model."""


class Code(_Simple):
    """What only Python code could say."""


@dataclass(frozen=True)
class Either:
    """Any one of several kinds; `title` says them in messages, where they are better said together."""

    options: tuple[Kind, ...]
    title: str = ""

    @cached_property
    def named(self) -> tuple[Object | Tagged | InnerModel, ...]:
        """The options that are said by a name."""
        return tuple(option for option in self.options if isinstance(option, Object | Tagged | InnerModel))

    @cached_property
    def words(self) -> frozenset[str]:
        """The fixed words among the options."""
        return frozenset(option.value for option in self.options if isinstance(option, Word))


@dataclass(frozen=True)
class Field:
    """One key of a record. `default` is what leaving the key out means, as plain data; `doc` explains it in a line."""

    kind: Kind
    doc: str = ""
    required: bool = False
    default: Any = None


@dataclass(frozen=True)
class Record:
    """A map with fixed keys. `positional` is the key that a bare value stands for (`rescale: 255`)."""

    title: str
    fields: Mapping[str, Field]
    positional: str | None = None


@dataclass(frozen=True)
class Tagged:
    """A bare name, or a map with one key that says which record follows: `mnist`, `{csv: {...}}`."""

    title: str
    options: Mapping[str, Record]

    @cached_property
    def titled(self) -> Mapping[str, Record]:
        """The options, each under its name in messages."""
        return {name: replace(option, title=f"`{name}`") for name, option in self.options.items()}


class LayerEntry(_Simple):
    """One entry of `layers`: an object of `keras.layers` with the language's `name`, `from` and `call` beside it."""


Kind: TypeAlias = (
    AnyData | Null | Boolean | Number | Text | Word | DType | Index | Typed | Listing | Table | Object | Code | Either
    | Record | Tagged | LayerEntry | InnerModel
)  # fmt: skip


def _numbers(depth: int) -> Either:
    scalars: tuple[Kind, ...] = (Number(integer=False), Boolean())
    return Either((*scalars, Listing(_numbers(depth - 1)))) if depth else Either(scalars)


# The dtypes of numbers that an array may have.
ARRAY_DTYPES = (
    "float32", "float64", "float16", "bfloat16", "int32", "int64", "int16", "int8", "uint8", "uint16", "uint32",
    "uint64", "bool",
)  # fmt: skip
NUMBERS = _numbers(5)
CONSTANT = Either((*NUMBERS.options, Typed()))
# What a map with one key for a constant says in it, and what is written under the key.
ARRAY_FORMS: Mapping[str, Either] = {**dict.fromkeys((*ARRAY_DTYPES, "list"), NUMBERS), "tensor": CONSTANT}
_TOKEN = re.compile(
    r"\s*(?:(?P<word>'[^']*'(?:/i)?)|(?P<object>@\w+)|(?P<name>[a-z]+)|(?P<number>-?\d+(?:\.\d+)?(?:e-?\d+)?)"
    r"|(?P<sign>[<>]=|[()\[\],|<>]))"
)
_PLAIN: dict[str, Kind] = {
    "any": AnyData(), "null": Null(), "bool": Boolean(), "str": Text(), "dtype": DType(), "code": Code(),
    "index": Index(), "model": InnerModel(),
}  # fmt: skip


@cache
def parse_kind(notation: str) -> Kind:
    """The kind a notation stands for. Raises: ValueError for a notation that is none."""
    tokens: list[str] = []
    position = 0
    while position < len(notation.rstrip()):
        match = _TOKEN.match(notation, position)
        if match is None:
            raise ValueError(f"kind notation {notation!r}: cannot read {notation[position:]!r}")
        tokens.append(match.group().strip())
        position = match.end()
    reader = _Reader(tokens)
    kind = reader.either()
    if reader.tokens:
        raise ValueError(f"kind notation {notation!r}: {reader.tokens[0]!r} left over")
    return kind


def field(notation: str, doc: str, default: object = None, *, required: bool = False) -> Field:
    """A field of the kind that a notation stands for. Raises: ValueError for a notation that is none."""
    return Field(parse_kind(notation), doc, required, default)


class _Reader:
    """Recursive descent over the notation's tokens."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def take(self, expected: str | None = None) -> str:
        if not self.tokens or (expected is not None and self.tokens[0] != expected):
            raise ValueError(f"kind notation: expected {expected or 'more'} before {self.tokens[:1]}")
        return self.tokens.pop(0)

    def peek(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def either(self) -> Kind:
        options = [self.single()]
        while self.peek() == "|":
            self.take()
            options.append(self.single())
        return options[0] if len(options) == 1 else Either(tuple(options))

    def single(self) -> Kind:
        token = self.take()
        if token.startswith("'"):
            return Word(token.removesuffix("/i").strip("'"), any_case=token.endswith("/i"))
        if token.startswith("@"):
            return Object(token[1:])
        if token in _PLAIN:
            return _PLAIN[token]
        if token == "constant":
            return CONSTANT
        if token in ("int", "float"):
            return self.number(integer=token == "int")
        if token == "list":
            return self.listing()
        if token == "map":
            self.take("(")
            value = self.either()
            self.take(")")
            return Table(value)
        raise ValueError(f"kind notation: unknown word {token!r}")

    def number(self, integer: bool) -> Number:
        if self.peek() in (">=", ">"):
            open_minimum = self.take() == ">"
            return Number(integer, minimum=float(self.take()), open_minimum=open_minimum)
        if self.peek() in ("<=", "<"):
            open_maximum = self.take() == "<"
            return Number(integer, maximum=float(self.take()), open_maximum=open_maximum)
        if self.peek() in ("[", "("):
            open_minimum = self.take() == "("
            minimum = float(self.take())
            self.take(",")
            maximum = float(self.take())
            return Number(integer, minimum, maximum, open_minimum, open_maximum=self.take() == ")")
        return Number(integer)

    def listing(self) -> Listing:
        self.take("(")
        item = self.either()
        bounds: list[int] = []
        while self.peek() == ",":
            self.take()
            bounds.append(int(self.take()))
        self.take(")")
        if not bounds:
            return Listing(item)
        return Listing(item, bounds[0], bounds[-1])
