"""How the inputs or the outputs of a model stand together: alone, in lists, in maps, taken apart as Keras does it.

A structure is a leaf, a tuple of structures, or a map of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

Structure: TypeAlias = Any


def leaves(structure: Structure, is_leaf: Callable[[Any], bool] = lambda value: False) -> Iterator[Any]:
    """What stands in a structure, in a map by the order of its keys; `is_leaf` tells a map that is a leaf itself."""
    if isinstance(structure, Mapping) and not is_leaf(structure):
        structure = [structure[key] for key in sorted(structure)]
    if not isinstance(structure, list | tuple):
        yield structure
        return
    for inner in structure:
        yield from leaves(inner, is_leaf)


def filled(structure: Structure, values: Iterable[Any], sequence: Callable[[Iterable[Any]], Any] = tuple) -> Any:
    """The structure with these values for its leaves, in their order; what is several in order is a `sequence`."""
    return _filled(structure, iter(values), sequence)


def _filled(structure: Structure, values: Iterator[Any], sequence: Callable[[Iterable[Any]], Any]) -> Any:
    if isinstance(structure, Mapping):
        found = {key: _filled(structure[key], values, sequence) for key in sorted(structure)}
        return {key: found[key] for key in structure}
    if isinstance(structure, list | tuple):
        return sequence([_filled(inner, values, sequence) for inner in structure])
    return next(values)


def mapped(structure: Structure, change: Callable[[Any], Any], sequence: Callable[[Iterable[Any]], Any] = tuple) -> Any:
    """The structure with each leaf changed."""
    return filled(structure, map(change, leaves(structure)), sequence)


def has_lists(structure: Structure) -> bool:
    """Whether the structure is more than one map: a map or a list with maps or lists in it."""
    inside = structure.values() if isinstance(structure, Mapping) else structure or ()
    nested = (Mapping, list, tuple)
    return isinstance(structure, nested) and any(isinstance(inner, nested) for inner in inside)


def keys_of(structure: Structure) -> tuple[str, ...] | None:
    """The keys of a map whose values are leaves, in the order of the leaves; None for another structure."""
    if not isinstance(structure, Mapping) or any(
        isinstance(inner, Mapping | list | tuple) for inner in structure.values()
    ):
        return None
    return tuple(sorted(structure))
