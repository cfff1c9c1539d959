"""The notation for one item of an index, as `ops.get_item` takes it: `2`, `-1`, `1:5`, `::2`, `...`, `newaxis`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import EllipsisType
from typing import Any, TypeAlias

# What an item stands for in Python; None is a new axis.
Index: TypeAlias = int | slice | EllipsisType | None

_NUMBER = r"(-?[0-9]{1,18})?"
_SLICE = re.compile(rf"{_NUMBER}:{_NUMBER}(?::{_NUMBER})?")
# What JSON Schema asks of an item that is text.
INDEX_PATTERN = rf"^({_SLICE.pattern}|\.\.\.|newaxis)$"
_WORDS: Mapping[str, Index] = {"...": ..., "newaxis": None}


def is_index(value: object) -> bool:
    """Whether a value of a spec is one item of an index."""
    if not isinstance(value, str):
        return isinstance(value, int) and not isinstance(value, bool)
    found = _SLICE.fullmatch(value)
    return value in _WORDS or (found is not None and (found[3] is None or int(found[3]) != 0))


def parsed_index(value: int | str) -> Index:
    """What an item stands for; it has to be one."""
    if isinstance(value, int):
        return value
    if value in _WORDS:
        return _WORDS[value]
    found = _SLICE.fullmatch(value)
    assert found is not None, f"{value!r} is no item of an index"
    return slice(*(None if number is None else int(number) for number in found.groups()))


def index_text(value: Any) -> int | str:
    """An item of Keras' serialized index in the notation. Raises: ValueError for anything else."""
    if value is None:
        return "newaxis"
    if isinstance(value, Mapping) and value.get("class_name") == "__ellipsis__":
        return "..."
    if isinstance(value, Mapping) and value.get("class_name") == "__slice__":
        bounds = [value["config"][name] for name in ("start", "stop", "step")]
        if all(bound is None or type(bound) is int for bound in bounds):
            said = bounds if bounds[2] is not None else bounds[:2]
            return ":".join("" if bound is None else str(bound) for bound in said)
    elif type(value) is int:
        return value
    raise ValueError("an index holds whole numbers, slices of whole numbers, `...` and new axes")
