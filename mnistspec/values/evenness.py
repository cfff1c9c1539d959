"""Whether lists in lists make an array."""

from __future__ import annotations

from collections.abc import Mapping


def is_even(value: object) -> bool:
    """Whether lists that stand beside each other are of one length, and none beside a number."""
    if isinstance(value, Mapping):
        return all(map(is_even, value.values()))
    return _sizes(value) is not None


def _sizes(value: object) -> tuple[int, ...] | None:
    """The lengths of lists in lists from the outside in; None where they differ."""
    if not isinstance(value, list | tuple):
        return ()
    inner = {_sizes(item) for item in value} or {()}
    sizes = inner.pop()
    return None if inner or sizes is None else (len(value), *sizes)
