"""Careful reading of JSON: a `Fields` hands out values of the type asked for, or says which one is damaged."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TypeVar

from mnistspec.frozen import dataclass

T = TypeVar("T")


class Damaged(Exception):
    """A file of a run's folder does not hold what a run writes; the text is a clause that says where and what."""

    def __init__(self, what: str, way_out: str = "run the spec again to have it written anew") -> None:
        super().__init__(what)
        self.way_out = way_out


@dataclass(frozen=True)
class Fields:
    """A JSON object and the path that led to it. A key that is absent or null reads as None, or as empty."""

    values: Mapping[str, object]
    place: str = ""

    def text(self, key: str) -> str | None:
        return self._typed(key, str, "text")

    def flag(self, key: str) -> bool | None:
        return self._typed(key, bool, "true or false")

    def count(self, key: str) -> int | None:
        value = self.values.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise self._wrong(key, "a whole number")
        return value

    def number(self, key: str) -> float | None:
        """A number; infinities and NaN included, however they are spelled. Null is None."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise self._wrong(key, "a number")
        try:
            return float(value)
        except (ValueError, OverflowError):
            raise self._wrong(key, "a number") from None

    def fields(self, key: str) -> Fields:
        """The object under `key`; an empty one where there is none."""
        return self._object(self.values.get(key) or {}, key)

    def each(self, key: str) -> Iterator[Fields]:
        """The objects of the list under `key`."""
        for index, value in enumerate(self.sequence(key)):
            yield self._object(value, f"{key}[{index}]")

    def sequence(self, key: str) -> tuple[object, ...]:
        value = self.values.get(key)
        if value is not None and not isinstance(value, list):
            raise self._wrong(key, "a list")
        return tuple(value or ())

    def texts(self, key: str) -> tuple[str, ...]:
        """The list under `key`, each value as text."""
        return tuple(value if isinstance(value, str) else str(value) for value in self.sequence(key))

    def numbers(self) -> dict[str, float]:
        """All the values, as numbers; a null among them is NaN."""
        read = {key: self.number(key) for key in self.values}
        return {key: math.nan if value is None else value for key, value in read.items()}

    def _object(self, value: object, key: str) -> Fields:
        if not isinstance(value, dict):
            raise self._wrong(key, "an object")
        return Fields(value, f"{self.place}.{key}" if self.place else key)

    def _typed(self, key: str, kind: type[T], word: str) -> T | None:
        value = self.values.get(key)
        if value is not None and not isinstance(value, kind):
            raise self._wrong(key, word)
        return value

    def _wrong(self, key: str, wanted: str) -> Damaged:
        place = f"{self.place}.{key}" if self.place else key
        return Damaged(f"`{place}` should be {wanted}")
