"""Losses and metrics by output, however a spec gives them: one for all, by name, or in a list as Keras takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mnistspec.calls import Call


def by_each(value: Any, names: Sequence[str]) -> dict[str, tuple[Call, ...]]:
    """The losses, or the metrics, of each output. A list has those of each of several in their order; of one, all."""
    if isinstance(value, Call):
        return dict.fromkeys(names, (value,))
    return {name: tuple(_calls(given)) for name, given in _each(value, names).items()}


def _each(value: Any, names: Sequence[str]) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return {name: value.get(name) for name in names}
    if isinstance(value, tuple) and len(names) > 1:
        return dict(zip(names, (*value, *[None] * len(names)), strict=False))
    return dict.fromkeys(names, value)


def _calls(value: Any) -> Iterator[Call]:
    if isinstance(value, tuple):
        for inner in value:
            yield from _calls(inner)
    elif isinstance(value, Call):
        yield value
