"""Functions that take axes of a tensor together: sums, means, the largest, whether all are."""

from __future__ import annotations

from functools import partial

from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape
from mnistspec.shapes.ops.operands import axes_of, given, operand, promoted
from mnistspec.shapes.sizes import elements
from mnistspec.spec import Call

_SUMMED = {"bool": "int32", "int8": "int32", "int16": "int32", "uint8": "uint32", "uint16": "uint32"}


def reduction(dtype: str = "same") -> Rule:
    """A tensor without the axes of `axis`; all of them where it is null. `dtype`: `same`, `float`, `sum`, a name."""
    return partial(_reduction, dtype)


def _reduction(dtype: str, call: Call, inputs: Inputs) -> Inferred:
    x = operand(call, inputs, "x")
    found = _dtype(dtype, x.dtype, call)
    if x.shape is None:
        return given(None, found)
    return given(reduced(call, x.shape), found, elements(x.shape) if x.shape else 0)


def reduced(call: Call, shape: Shape, name: str = "axis") -> Shape:
    """The shape with the axes taken away, or left as 1 with `keepdims`. Raises: ShapeError for axes it lacks."""
    axis = call.argument(name)
    axes = range(len(shape)) if axis is None else axes_of(call, shape, axis, name)
    if call.argument("keepdims"):
        return tuple(1 if place in axes else size for place, size in enumerate(shape))
    return tuple(size for place, size in enumerate(shape) if place not in axes)


def _dtype(rule: str, dtype: str | None, call: Call) -> str | None:
    if rule == "same" or dtype is None:
        return dtype
    if rule == "sum":
        return _SUMMED.get(dtype, dtype)
    return promoted([dtype, "float"], call) if rule == "float" else rule
