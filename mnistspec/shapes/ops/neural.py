"""Functions of neural networks that change shapes: one_hot, multi_hot, glu, moments, and images to grey."""

from __future__ import annotations

from mnistspec.shapes.arguments import whole
from mnistspec.shapes.base import Inferred, Inputs, ShapeError, Tensor, show
from mnistspec.shapes.ops.operands import axes_of, given, operand, worked
from mnistspec.shapes.ops.reductions import reduced
from mnistspec.spec import Call


def one_hot(call: Call, inputs: Inputs) -> Inferred:
    """Each class id as a row of `num_classes` with a single 1, along a new axis."""
    x = operand(call, inputs, "x")
    dtype, classes = call.argument("dtype") or "float32", whole(call, "num_classes")
    named = dtype if isinstance(dtype, str) else None
    if x.shape is None:
        return given(None, named)
    axis = call.argument("axis")
    if not isinstance(axis, int) or not -1 <= axis < max(len(x.shape), 0):
        raise ShapeError(f"`axis` of {call.name} is -1, or an axis of {show(x.shape)}", "axis")
    axis = len(x.shape) if axis == -1 else axis
    return given((*x.shape[:axis], classes, *x.shape[axis:]), named)


def glu(call: Call, inputs: Inputs) -> Inferred:
    """One half of a tensor, each element times the sigmoid of the other half's."""
    x = operand(call, inputs, "x")
    if x.shape is None:
        return given(None, x.dtype)
    (axis,) = axes_of(call, x.shape, call.argument("axis"))
    size = x.shape[axis]
    if size is None:
        return given(None, x.dtype)
    if size % 2:
        raise ShapeError(f"{call.name} halves axis {axis} of {show(x.shape)}, which is odd", "axis")
    return worked((*x.shape[:axis], size // 2, *x.shape[axis + 1 :]), x.dtype, 2)


def moments(call: Call, inputs: Inputs) -> Inferred:
    """The mean and the variance over axes."""
    x = operand(call, inputs, "x")
    tensor = Tensor(None if x.shape is None else reduced(call, x.shape, "axes"), x.dtype)
    return Inferred((tensor, tensor), 0, 0, None)


def top_k(call: Call, inputs: Inputs) -> Inferred:
    """The largest values along the last axis, and where they stand."""
    x, count = operand(call, inputs, "x"), whole(call, "k")
    shape = None if not x.shape else (*x.shape[:-1], count)
    return Inferred((Tensor(shape, x.dtype), Tensor(shape, "int32")), 0, 0, None)
