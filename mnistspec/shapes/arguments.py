"""Reading a call's arguments as the types the rules calculate with, and saying at the argument what will not do."""

from __future__ import annotations

from collections.abc import Collection

from mnistspec.calls import Call, Value
from mnistspec.shapes.base import ShapeError


def items(value: Value | list[Value]) -> tuple[Value, ...] | None:
    """The items of a sequence (given ones are tuples, defaults lists); None for anything else."""
    return tuple(value) if isinstance(value, (tuple, list)) else None


def is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def refuse(call: Call, name: str, needed: str) -> ShapeError:
    """The error for an argument whose value is not what it must be."""
    return ShapeError(f"`{name}` of {call.name} must be {needed}, not {written(call.argument(name))}", name)


def written(value: object) -> str:
    """A value as a spec would write it."""
    if isinstance(value, Call):
        return value.name
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(written(item) for item in value)}]"
    if isinstance(value, str):
        return f"`{value}`"
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def whole(call: Call, name: str, minimum: int = 1) -> int:
    """An integer argument. Raises: ShapeError for anything else, and below the minimum."""
    value = call.argument(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < minimum:
        raise refuse(call, name, f"an integer of at least {minimum}")
    return value


def whole_or_none(call: Call, name: str, minimum: int = 1) -> int | None:
    """An integer argument that may be left out. Raises: ShapeError as for `whole`."""
    return None if call.argument(name) is None else whole(call, name, minimum)


def number(call: Call, name: str, minimum: float, maximum: float) -> float:
    """A number between two bounds, both allowed. Raises: ShapeError outside them."""
    value = call.argument(name)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not minimum <= value <= maximum:
        raise refuse(call, name, f"a number from {minimum:g} to {maximum:g}")
    return value


def flag(call: Call, name: str) -> bool:
    return bool(call.argument(name))


def word(call: Call, name: str, allowed: Collection[str]) -> str:
    """One of a few words. Raises: ShapeError for any other value."""
    value = call.argument(name)
    if not isinstance(value, str) or value not in allowed:
        raise refuse(call, name, " or ".join(f"`{option}`" for option in allowed))
    return value


def sizes(call: Call, name: str, count: int, minimum: int = 1) -> tuple[int, ...]:
    """One integer for each of `count` axes; a single integer stands for all of them.

    Raises: ShapeError for another number of integers, and for integers below the minimum.
    """
    value = call.argument(name)
    values = (value,) * count if is_whole(value) else items(value)
    checked = tuple(item for item in values or () if isinstance(item, int) and is_whole(item) and item >= minimum)
    if values is None or len(values) != count or len(checked) != count:
        each = f"an integer of at least {minimum}"
        raise refuse(call, name, each if count == 1 else f"{each}, or a list of {count} of them")
    return checked


def pairs(call: Call, name: str, count: int) -> tuple[tuple[int, int], ...]:
    """What to add or take before and after each of `count` axes: an integer, `count` integers, or `count` pairs.

    Raises: ShapeError for another form, and for negative integers.
    """
    value = call.argument(name)
    values = (value,) * count if is_whole(value) else items(value)
    checked = tuple(pair for pair in (_pair(item) for item in values or ()) if pair is not None)
    if values is None or len(values) != count or len(checked) != count:
        raise refuse(call, name, f"an integer of at least 0, or a list of {count} integers or pairs of integers")
    return checked


def _pair(value: Value) -> tuple[int, int] | None:
    before, after = (value, value) if is_whole(value) else _two(value)
    if isinstance(before, int) and isinstance(after, int) and before >= 0 and after >= 0:
        return before, after
    return None


def _two(value: Value) -> tuple[Value, Value]:
    values = items(value)
    return (values[0], values[1]) if values is not None and len(values) == 2 else (None, None)


def integers(call: Call, name: str) -> tuple[int, ...]:
    """A list of integers, or one integer as a list of one. Raises: ShapeError for anything else."""
    value = call.argument(name)
    values = (value,) if is_whole(value) else items(value)
    checked = tuple(item for item in values or () if isinstance(item, int) and is_whole(item))
    if values is None or len(checked) != len(values):
        raise refuse(call, name, "an integer or a list of integers")
    return checked
