"""Dtypes of single numbers of NumPy that operations are called on: Keras computes with them and notes plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def with_scalar_dtypes(entry: Mapping[str, Any], operation: Any) -> Mapping[str, Any]:
    """A serialized operation whose constants say the dtypes that they have in the operation's only call."""
    if len(entry["inbound_nodes"]) != 1 or len(operation._inbound_nodes) != 1:
        return entry
    (node,), (made,) = entry["inbound_nodes"], operation._inbound_nodes
    args = [_typed(value, given) for value, given in zip(node["args"], made.arguments.args, strict=True)]
    kwargs = {name: _typed(value, made.arguments.kwargs[name]) for name, value in node["kwargs"].items()}
    return {**entry, "inbound_nodes": [{**node, "args": args, "kwargs": kwargs}]}


def _typed(value: Any, given: Any) -> Any:
    if isinstance(value, list) and isinstance(given, list | tuple):
        return [_typed(item, inner) for item, inner in zip(value, given, strict=True)]
    if not isinstance(given, np.generic | np.ndarray) or given.ndim:
        return value
    return {"class_name": "__numpy__", "config": {"value": value, "dtype": str(given.dtype)}}
