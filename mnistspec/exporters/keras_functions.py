"""Steps that call a function of `keras.ops`, under the names of their nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import keras
import numpy as np

from mnistspec.catalogue.indices import parsed_index
from mnistspec.graph import Given
from mnistspec.plan import LayerStep
from mnistspec.shapes.constants import dtype_of, stands_for_array


def called_function(step: LayerStep, take: Callable[[Given], Any]) -> Any:
    """What the function gives; `take` fetches what an earlier step gave, or makes a constant.

    Keras names an operation itself when a function makes it, and takes another name afterwards.
    """
    function = reduce(getattr, step.call.facts.path.split(".")[1:], keras)
    values: dict[str, Any] = {name: _setting(step, name, value) for name, value in step.call.arguments.items()}
    for name, given in step.named.items():
        values[name] = [take(one) for one in given] if isinstance(given, tuple) else take(given)
    in_place = [name for name, argument in step.call.facts.arguments.items() if argument.tensor == "rest"]
    leading = [values.pop("subscripts")] if "subscripts" in values else []
    result = function(*leading, *(tensor for name in in_place for tensor in values.pop(name)), **values)
    first = keras.tree.flatten(result)[0]
    first._keras_history.operation.name = step.name
    return result


def _setting(step: LayerStep, name: str, value: Any) -> Any:
    """A setting as written; a list or a typed constant in a tensor's place as an array of a shape and a dtype."""
    if step.call.name == "ops.get_item":
        return tuple(map(parsed_index, value)) if isinstance(value, tuple) else parsed_index(value)
    return array_of(value) if stands_for_array(step.call, name, value) else value


def array_of(value: Any) -> Any:
    """A constant in a tensor's place as an array of a shape and a dtype, or in the form it has; None for none."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        ((form, inner),) = value.items()
        if form == "tensor":
            return keras.ops.convert_to_tensor(array_of(inner))
        return np.asarray(inner).tolist() if form == "list" else np.asarray(inner).astype(form)
    return np.asarray(value).astype(dtype_of(value))
