"""What every decision is written in."""

from __future__ import annotations

from mnistspec.frozen import dataclass

GIVEN = "the spec says so"


@dataclass(frozen=True)
class Decision:
    """What a setting is taken to be, and why."""

    value: bool | int | str
    reason: str


@dataclass(frozen=True)
class Count(Decision):
    """A decision on a number of steps or examples."""

    value: int
