"""Two values held against each other: what differs, each by its dotted key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from mnistspec.frozen import dataclass


class Absent(Enum):
    """What stands for a value that one side does not have."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclass(frozen=True)
class Change:
    """One setting that differs; ABSENT for the side that does not have it."""

    key: str
    before: Any
    after: Any


def changes(before: Any, after: Any, key: str = "") -> Iterator[Change]:
    """What differs between two plain values. Objects of one class are held against each other by argument."""
    if _same(before, after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping) and not _other_object(before, after):
        for name in dict.fromkeys((*before, *after)):
            yield from changes(before.get(name, ABSENT), after.get(name, ABSENT), f"{key}.{name}" if key else str(name))
    elif (pair := _objects_by_name(before, after)) is not None:
        yield from changes(*pair, key)
    else:
        yield Change(key, before, after)


def _same(before: Any, after: Any) -> bool:
    """Whether two values mean the same: 1 and 1.0 do, 1 and true do not."""
    if isinstance(before, bool) != isinstance(after, bool):
        return False
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return before.keys() == after.keys() and all(_same(before[name], after[name]) for name in before)
    if isinstance(before, Sequence) and isinstance(after, Sequence) and not isinstance(before, str):
        return len(before) == len(after) and all(map(_same, before, after))
    return bool(before == after)


def _other_object(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether two maps are objects of two classes, which have no arguments in common."""
    return len(before) == len(after) == 1 and before.keys() != after.keys() and _class_of(before) != ""


def _class_of(value: Any) -> str:
    """The name of an object: a word, or the only key of a map; empty for any other value."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and len(value) == 1:
        ((name, arguments),) = value.items()
        return str(name) if isinstance(arguments, Mapping) else ""
    return ""


def _objects_by_name(before: Any, after: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Two lists of objects as maps by their names, where these stand in one order; None for other values."""
    if not isinstance(before, list) or not isinstance(after, list):
        return None
    one, other = _by_name(before), _by_name(after)
    if one is None or other is None or not any(isinstance(item, Mapping) for item in (*before, *after)):
        return None
    common = [name for name in one if name in other]
    return (one, other) if common == [name for name in other if name in one] else None


def _by_name(objects: Sequence[Any]) -> dict[str, Any] | None:
    """The arguments of objects by name, the second of one name as `name#2`."""
    seen: Counter[str] = Counter()
    found: dict[str, Any] = {}
    for item in objects:
        name = _class_of(item)
        if not name:
            return None
        seen[name] += 1
        numbered = name if seen[name] == 1 else f"{name}#{seen[name]}"
        found[numbered] = item[name] if isinstance(item, Mapping) else {}
    return found
