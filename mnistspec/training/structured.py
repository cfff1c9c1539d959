"""Arrays in the structure in which a model has its inputs and outputs, where that is more than one list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras

from mnistspec.structures import Structure, filled, leaves


def as_inputs(model: keras.Model, x: Any, names: Sequence[str]) -> Any:
    """The inputs as the model takes them; `x` is one array, or several by the names of the inputs."""
    return _structured(_structure(model, "input"), x, names)


def as_targets(model: keras.Model, y: Any, names: Sequence[str]) -> Any:
    """What the outputs are to learn as the model gives it; `y` is one array, or several by the names of the outputs.

    Keras takes lists inside a list apart by those names.
    """
    structure = _structure(model, "output")
    if isinstance(structure, list | tuple) and any(isinstance(inner, list | tuple) for inner in structure):
        return y if isinstance(y, Mapping) else {names[0]: y}
    return _structured(structure, y, names)


def by_name(y: Any, names: Sequence[str]) -> dict[str, Any]:
    """What each output is to learn by its name, whatever structure it stands in."""
    if isinstance(y, Mapping) and [*y] == [*names]:
        return dict(y)
    return dict(zip(names, leaves(y), strict=True))


def _structure(model: keras.Model, end: str) -> Structure:
    """The structure of a model's inputs or outputs; a sequential model has one of each."""
    return None if isinstance(model, keras.Sequential) else getattr(model, end)


def _structured(structure: Structure, arrays: Any, names: Sequence[str]) -> Any:
    """Keras knows the arrays of one list by their names; tuples, since TensorFlow takes a list for an array."""
    if not isinstance(structure, Mapping | list | tuple) or _is_list_of_several(structure):
        return arrays
    given = [arrays[name] for name in names] if isinstance(arrays, Mapping) else [arrays]
    return filled(structure, given)


def _is_list_of_several(structure: Structure) -> bool:
    nested = isinstance(structure, Mapping) or any(isinstance(inner, Mapping | list | tuple) for inner in structure)
    return len(structure) > 1 and not nested
