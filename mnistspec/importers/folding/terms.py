"""Values that differ from one instance to the next, as one expression: of a block's parameters, or of `${i}`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Protocol

from mnistspec.importers.folding.items import Unlike

# More parameters than these make a block harder to read than what it stands for.
MAX_PARAMETERS = 8
# What a block calls the numbers in its names.
_NUMBER = re.compile(r"number(_[0-9]+)?")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
# Words that no parameter may be called.
_RESERVED = frozenset(["true", "false", "null", "if", "else", "env", "i", "min", "max", "round", "int", "input"])

Vector = tuple[Any, ...]


def alike(values: Sequence[Any]) -> bool:
    """Whether values are the same, 1 and true and 1.0 told apart."""
    first = values[0]
    if isinstance(first, str | int) or first is None:
        return all(type(value) is type(first) and value == first for value in values)
    return len({json.dumps(value) for value in values}) == 1


def _whole(values: Sequence[Any]) -> bool:
    return all(isinstance(value, int) and not isinstance(value, bool) for value in values)


class Terms(Protocol):
    """Finds an expression, without `${}`, for values that differ. Raises: Unlike."""

    def number(self, values: tuple[int, ...]) -> str:
        """For numbers in names."""

    def text(self, values: tuple[str, ...], hint: str) -> str:
        """For names that have no pattern."""

    def value(self, values: Vector, hints: Sequence[str]) -> str:
        """For an argument; `hints` are names for a parameter, the best first."""


class Parameters:
    """The parameters of a block: as few as say everything."""

    def __init__(self) -> None:
        self.numbers: dict[str, Vector] = {}
        self.texts: dict[str, Vector] = {}
        self.values: dict[str, Vector] = {}
        # Whether a number stands in a name.
        self.in_names = False

    @property
    def vectors(self) -> dict[str, Vector]:
        return {**self.values, **self.numbers, **self.texts}

    def number(self, values: tuple[int, ...]) -> str:
        self.in_names = True
        return self._count(values)

    def _count(self, values: tuple[int, ...]) -> str:
        """A number that is given to names, here or in a block inside: as far from another everywhere, or a new one."""
        for name, known in self.numbers.items():
            apart = {value - other for value, other in zip(values, known, strict=True)}
            if len(apart) == 1:
                return _plus(name, apart.pop())
        return self._new(self.numbers, values, ["number"])

    def text(self, values: tuple[str, ...], hint: str) -> str:
        known = next((name for name, other in self.texts.items() if other == values), None)
        return known or self._new(self.texts, values, [hint])

    def value(self, values: Vector, hints: Sequence[str]) -> str:
        if _NUMBER.fullmatch(hints[0]) and _whole(values):
            return self._count(values)
        for name, known in self.values.items():
            if all(alike(pair) for pair in zip(values, known, strict=True)):
                return name
        return self._multiple(values) or self._new(self.values, values, hints)

    def _multiple(self, values: Vector) -> str | None:
        """A multiple or a part of a parameter that there is already."""
        for name, known in self.values.items():
            if not _whole(values) or not _whole(known) or 0 in known or 0 in values:
                continue
            first, other = values[0], known[0]
            if first % other == 0 and all(a == first // other * b for a, b in zip(values, known, strict=True)):
                return f"{first // other} * {name}"
            if other % first == 0 and all(b == other // first * a for a, b in zip(values, known, strict=True)):
                return f"{name} // {other // first}"
        return None

    def _new(self, group: dict[str, Vector], values: Vector, hints: Sequence[str]) -> str:
        if len(self.vectors) == MAX_PARAMETERS:
            raise Unlike
        free = (hint for hint in hints if _IDENTIFIER.fullmatch(hint) and hint not in {*self.vectors, *_RESERVED})
        name = next(free, None) or self._numbered(hints[0])
        group[name] = values
        return name

    def _numbered(self, stem: str) -> str:
        count = 2
        while f"{stem}_{count}" in self.vectors:
            count += 1
        return f"{stem}_{count}"


class Turns:
    """What a repeat's `${i}` says: numbers in even steps, or each the same multiple of the one before."""

    def number(self, values: tuple[int, ...]) -> str:
        step = values[1] - values[0]
        if any(value != values[0] + step * turn for turn, value in enumerate(values)):
            raise Unlike
        if step < 0:
            return f"{values[0]} - i" if step == -1 else f"{values[0]} - {-step} * i"
        return _plus("i" if step == 1 else f"{step} * i", values[0])

    def text(self, values: tuple[str, ...], hint: str) -> str:
        raise Unlike

    def value(self, values: Vector, hints: Sequence[str]) -> str:
        # Any two numbers are in even steps.
        if len(values) < 3 or not _whole(values):
            raise Unlike
        first, second = values[0], values[1]
        factor = second // first if first else 0
        if factor > 1 and all(value == first * factor**turn for turn, value in enumerate(values)):
            return f"{first} * {factor} ** i"
        return self.number(values)


def _plus(term: str, number: int) -> str:
    if number == 0:
        return term
    return f"{term} + {number}" if number > 0 else f"{term} - {-number}"
