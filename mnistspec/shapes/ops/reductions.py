"""Functions that take axes of a tensor together: sums, means, the largest, whether all are."""

from __future__ import annotations

from functools import partial

from mnistspec.calls import Call
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape, ShapeError, show
from mnistspec.shapes.ops.given import SUMMED, array, floating, known, one_axis, optional, stated_dtype, symbolic
from mnistspec.shapes.ops.operands import axes_of, given, operand, promoted
from mnistspec.shapes.sizes import check_once, elements


def reduction(dtype: str = "same") -> Rule:
    """A tensor without the axes of `axis`; all of them where it is null. `dtype`: `same`, `float`, `sum`, a name."""
    return partial(_reduction, dtype)


def _reduction(dtype: str, call: Call, inputs: Inputs) -> Inferred:
    x = operand(call, inputs, call.facts.first_argument)
    found = _dtype(dtype, x.dtype, call)
    if x.shape is None:
        return given(None, found)
    return given(reduced(call, x.shape), found, elements(x.shape) if x.shape else 0)


def reduced(call: Call, shape: Shape, name: str = "axis") -> Shape:
    """The shape with the axes taken away, or left as 1 with `keepdims`.

    Raises: ShapeError for axes that the shape does not have, and for one named twice.
    """
    axis = call.argument(name)
    axes = range(len(shape)) if axis is None else axes_of(call, shape, axis, name)
    check_once(call, shape, axes, name)
    if call.argument("keepdims"):
        return tuple(1 if place in axes else size for place, size in enumerate(shape))
    return tuple(size for place, size in enumerate(shape) if place not in axes)


def _dtype(rule: str, dtype: str | None, call: Call) -> str | None:
    if rule == "same" or dtype is None:
        return dtype
    if rule == "sum":
        return SUMMED.get(dtype, dtype)
    return promoted([dtype, "float"], call) if rule == "float" else rule


def average(call: Call, inputs: Inputs) -> Inferred:
    """Means in which each element has its weight, or each entry of the axis."""
    x, weights = symbolic(call, inputs, "x"), optional(call, inputs, "weights")
    axis = None if call.argument("axis") is None else one_axis(call, x.shape)
    if weights is not None and not any(_match(weights.shape, shape) for shape in _weighable(x.shape, axis)):
        raise ShapeError(f"the weights of {call.name}, {show(weights.shape)}, do not fit {show(x.shape)}")
    dtype = floating(call, x, weights) if weights is not None else floating(call, x)
    return given(reduced(call, x.shape), dtype, elements(x.shape) if x.shape else 0)


def _weighable(shape: Shape, axis: int | None) -> list[Shape]:
    return [shape] if axis is None else [shape, (shape[axis],)]


def _match(one: Shape, other: Shape) -> bool:
    return len(one) == len(other) and all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


def product_of(call: Call, inputs: Inputs) -> Inferred:
    """The elements multiplied, over axes."""
    x = array(call, inputs, "x")
    return given(reduced(call, x.shape), stated_dtype(call, SUMMED.get(x.dtype or "", x.dtype)), elements(x.shape))


def norm(call: Call, inputs: Inputs) -> Inferred:
    """The norm of vectors, or of matrices over two axes."""
    x, order = array(call, inputs, "x"), call.argument("ord")
    axis = call.argument("axis")
    count = x.rank if axis is None else len(axis) if isinstance(axis, tuple) else 1
    if count > 2:
        help = "name one axis for vectors or two for matrices; axis 0 is the batch"
        raise ShapeError(f"{call.name} is over one axis or two, and is given {count}", "axis", help)
    if count == 1 and isinstance(order, str):
        raise ShapeError(f"`ord: {order}` of {call.name} is for matrices, over two axes", "ord")
    if count == 2 and order not in (None, "fro", "nuc", 1, -1, 2, -2):
        raise ShapeError(f"`ord` of {call.name} over two axes must be fro, nuc, 1, -1, 2 or -2", "ord")
    return given(reduced(call, x.shape), floating(call, x), None)


def quantiles(call: Call, inputs: Inputs) -> Inferred:
    """The values below which a part of the elements lies, an axis of them in front where there are several."""
    x, parts = array(call, inputs, "x"), known(call, inputs, "q")
    shape = reduced(call, x.shape)
    return given((*parts.shape[:1], *shape), floating(call, x), None)


def trapezoid(call: Call, inputs: Inputs) -> Inferred:
    """The area under a line along an axis."""
    y, axis = array(call, inputs, "y"), call.argument("axis")
    if not y.shape or not isinstance(axis, int):
        return given(y.shape, floating(call, y))
    place = axis % y.rank
    return given((*y.shape[:place], *y.shape[place + 1 :]), floating(call, y), None)
