"""Steps that call a function of `keras.ops`, under the names of their nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import keras
import numpy as np

from mnistspec.catalogue.indices import parsed_index
from mnistspec.graph import Port
from mnistspec.plan import LayerStep


def called_function(step: LayerStep, take: Callable[[Port], Any]) -> Any:
    """What the function gives; `take` fetches what an earlier step gave.

    Keras names an operation itself when a function makes it, and takes another name afterwards.
    """
    function = reduce(getattr, step.call.facts.path.split(".")[1:], keras)
    values: dict[str, Any] = {name: _setting(step, name, value) for name, value in step.call.arguments.items()}
    for name, ports in step.named.items():
        values[name] = [take(port) for port in ports] if isinstance(ports, tuple) else take(ports)
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
    if isinstance(value, Mapping):
        ((dtype, numbers),) = value.items()
        return np.asarray(numbers).astype(dtype)
    if step.call.facts.arguments[name].tensor is None or not isinstance(value, tuple):
        return value
    array = np.asarray(value)
    return array if array.dtype == bool else array.astype("int32" if array.dtype.kind == "i" else "float32")
