"""What a layout gives: rectangles and ways, in pixels from the upper left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import TypeAlias

from mnistspec.frozen import dataclass

Point: TypeAlias = tuple[float, float]


class Tangled(Exception):
    """More lines pass by boxes than can be drawn; the text says how many."""


@dataclass(frozen=True)
class Size:
    width: float
    height: float


@dataclass(frozen=True)
class Rectangle:
    x: float
    y: float
    width: float
    height: float

    def moved(self, x: float, y: float) -> Rectangle:
        return replace(self, x=self.x + x, y=self.y + y)


@dataclass(frozen=True)
class Way:
    """A stretch of a line: straight where points are above or beside each other, a curve where not.

    `target` is the box that it arrives at, None where it goes on.
    """

    points: tuple[Point, ...]
    target: int | None = None

    def moved(self, x: float, y: float) -> Way:
        return Way(tuple((px + x, py + y) for px, py in self.points), self.target)


@dataclass(frozen=True)
class Laid:
    """A group laid out: boxes by position, groups by number; `tops` and `bottoms` are where nets pass its borders."""

    width: float
    height: float
    boxes: Mapping[int, Rectangle]
    groups: Mapping[int, Rectangle]
    ways: tuple[Way, ...]
    tops: Mapping[int, float] = field(default_factory=dict)
    bottoms: Mapping[int, float] = field(default_factory=dict)
