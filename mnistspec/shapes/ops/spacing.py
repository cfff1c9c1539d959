"""Functions that make tensors of others' shapes, or rows of numbers between two ends."""

from __future__ import annotations

from mnistspec.calls import Call
from mnistspec.shapes.arguments import whole
from mnistspec.shapes.base import Inferred, Inputs, Shape
from mnistspec.shapes.broadcasting import broadcast
from mnistspec.shapes.ops.given import array, floating, known, one_axis, stated_dtype
from mnistspec.shapes.ops.operands import given, promoted


def like(call: Call, inputs: Inputs) -> Inferred:
    """A tensor of the shape of `x`, in its dtype or the one asked for."""
    x = array(call, inputs, "x")
    return given(x.shape, stated_dtype(call, x.dtype))


def spaced(call: Call, inputs: Inputs) -> Inferred:
    """Numbers from `start` to `stop`, along a new axis."""
    start, stop = known(call, inputs, "start"), known(call, inputs, "stop")
    shape = broadcast(call, [start.shape, stop.shape])
    axis = one_axis(call, (*shape, 1))
    dtype = stated_dtype(call, None)
    found = floating(call, start) if dtype is None else promoted([dtype, "float"], call)
    spaced: Shape = (*shape[:axis], whole(call, "num"), *shape[axis:])
    # With `retstep`, Keras gives the step as well, of which it knows nothing.
    return given(None if call.argument("retstep") else spaced, found, None)
