"""Options of sources and steps, read with the type that binding has already made sure of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from mnistspec.calls import Value

Options: TypeAlias = Mapping[str, Value]


class HiddenOption(KeyError):
    """An option that a mistake in the spec hides, already reported: what depends on it is unknown.

    Binding delivers every option, defaults included, so only such a one can be missing.
    """


def value(options: Options, name: str) -> Value:
    """An option. Raises: HiddenOption."""
    try:
        return options[name]
    except KeyError:
        raise HiddenOption(name) from None


def text(options: Options, name: str) -> str:
    """An option that is a string. Raises: HiddenOption."""
    return str(value(options, name))


def text_or_none(options: Options, name: str) -> str | None:
    """An option that is a string or null. Raises: HiddenOption."""
    found = value(options, name)
    return None if found is None else str(found)


def integer(options: Options, name: str) -> int:
    """An option that is an integer. Raises: HiddenOption."""
    found = value(options, name)
    assert isinstance(found, int)
    return found


def integer_or_none(options: Options, name: str) -> int | None:
    """An option that is an integer or null. Raises: HiddenOption."""
    return None if value(options, name) is None else integer(options, name)


def number(options: Options, name: str) -> float:
    """An option that is a number. Raises: HiddenOption."""
    found = value(options, name)
    assert isinstance(found, (int, float))
    return found


def sizes(options: Options, name: str) -> tuple[int, ...]:
    """An option that is a list of integers. Raises: HiddenOption."""
    found = value(options, name)
    assert isinstance(found, tuple)
    return tuple(item for item in found if isinstance(item, int))


def names(found: Value) -> tuple[str, ...]:
    """A list of strings; a single one counts as a list of one, None as none."""
    if found is None:
        return ()
    return tuple(str(item) for item in found) if isinstance(found, tuple) else (str(found),)
