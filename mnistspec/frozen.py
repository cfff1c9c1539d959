"""`@dataclass(frozen=True)` for what never changes: the type checker alone keeps it so.

Python's own would do so at run time too, which takes three times as long to make each value, and writes and compiles
five methods for each class, a quarter of the time that a check of one spec would take.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["dataclass"]

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, eq: bool = True, slots: bool = False) -> Callable[[type[T]], type[T]]:
        """A dataclass; nobody changes one that says it is `frozen`. It is compared and hashed by its fields (`eq`)."""
        assert frozen, "what may be changed is a dataclass of Python's"

        def made(plain: type[T]) -> type[T]:
            shown = plain.__dict__.get("__repr__", _shown)
            done = dataclasses.dataclass(eq=False, repr=False, slots=slots)(plain)
            done.__repr__ = shown
            if eq:
                compared = [field.name for field in dataclasses.fields(done) if field.compare]
                done.__eq__, done.__hash__ = _by(attrgetter(*compared) if compared else _nothing)
            return done

        return made


def _by(fields: Callable[[object], object]) -> tuple[Callable[..., bool], Callable[[object], int]]:
    """How values of a class are told apart and hashed: by these fields."""

    def equal(one: object, other: object) -> bool:
        return fields(one) == fields(other) if one.__class__ is other.__class__ else NotImplemented

    return equal, lambda one: hash(fields(one))


def _nothing(_: object) -> tuple[()]:
    return ()


def _shown(one: Any) -> str:
    fields = (field.name for field in dataclasses.fields(one) if field.repr)
    return f"{type(one).__qualname__}({', '.join(f'{name}={getattr(one, name)!r}' for name in fields)})"
