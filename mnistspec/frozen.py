"""`@dataclass(frozen=True)` for what a check makes by the thousand: the type checker alone keeps it from being changed.

Python's own would do so at run time too, takes three times as long to make each value, and longer to make the class.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

__all__ = ["dataclass"]

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool = False) -> Callable[[type[T]], type[T]]:
        """A dataclass that is compared and hashed by its fields; nobody changes one that says it is `frozen`."""
        assert frozen, "what may be changed is a dataclass of Python's"
        return dataclasses.dataclass(unsafe_hash=True, slots=slots)
