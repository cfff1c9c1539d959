"""Structures of tensors and arrays in the script: as code, and the ways to what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mnistspec.exporters.python_source.layout import Bracket, Code, call, listing, quoted, table, tuple_of
from mnistspec.structures import Structure, filled


def ends_code(structure: Structure, codes: Sequence[Code]) -> Code:
    """A model's inputs or outputs as Keras is to have them: in their structure, or one alone and several in a list."""
    if structure is None:
        return codes[0] if len(codes) == 1 else listing(codes)
    return structure_code(filled(structure, codes))


def structure_code(codes: Structure, several: Callable[[Iterable[Code]], Code] = listing) -> Code:
    """A structure of code as code; what is several in order is a list, or as `several` says."""
    if isinstance(codes, Mapping):
        return table((quoted(key), structure_code(inner, several)) for key, inner in codes.items())
    return several(structure_code(inner, several) for inner in codes) if isinstance(codes, tuple) else codes


def arrays_code(structure: Structure, codes: Sequence[Code]) -> Code:
    """Arrays in a structure; in tuples, since TensorFlow takes a list for an array."""
    return structure_code(filled(structure, codes), tuple_of)


def ways(structure: Structure) -> Iterator[str]:
    """The code behind a variable that leads to each leaf of the structure in it."""
    if isinstance(structure, Mapping):
        steps = [(quoted(key), structure[key]) for key in sorted(structure)]
    elif isinstance(structure, tuple):
        steps = [(str(place), inner) for place, inner in enumerate(structure)]
    else:
        yield ""
        return
    for step, inner in steps:
        yield from (f"[{step}]{way}" for way in ways(inner))


def in_order(made: Bracket, structure: Structure) -> Bracket:
    """What a model gives: one tensor, or a list of several, whatever structure it has them in."""
    if structure is None:
        return made
    found = list(ways(structure))
    return call("keras.tree.flatten", [made]) if len(found) > 1 else _closed(made, found[0])


def _closed(code: Bracket, then: str) -> Bracket:
    """The code with more behind its last bracket."""
    return replace(code, then=_closed(code.then, then)) if code.then else replace(code, close=code.close + then)
