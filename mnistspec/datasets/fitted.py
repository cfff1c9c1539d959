"""A preparation step with what it learnt from the training examples, and its JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, TypeAlias

from mnistspec.datasets.options import Options
from mnistspec.frozen import dataclass

# What a step learns: a count, or one number for each place on the axis that keeps statistics of its own.
State: TypeAlias = "Mapping[str, int | tuple[float, ...]]"


@dataclass(frozen=True)
class FittedStep:
    """A step and what it learnt: all that applying it to new examples needs."""

    name: str
    options: Options
    state: State = field(default_factory=dict)

    def count(self, name: str) -> int:
        """A learnt count."""
        value = self.state[name]
        assert isinstance(value, int)
        return value

    def numbers(self, name: str) -> tuple[float, ...]:
        """Learnt numbers."""
        value = self.state[name]
        assert isinstance(value, tuple)
        return value

    def to_json(self) -> dict[str, Any]:
        """As plain data; exact, since JSON keeps every digit of a double."""
        return {"step": self.name, "options": _plain(self.options), "state": _plain(self.state)}


def fitted_from_json(document: Mapping[str, Any]) -> FittedStep:
    """A fitted step from its JSON form. Raises: KeyError for a document that is none."""
    return FittedStep(document["step"], _frozen(document["options"]), _frozen(document["state"]))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _frozen(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
