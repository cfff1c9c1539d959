"""Layers that change each element and keep the shape: activations, dropouts, noise, and those that change nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mnistspec.calls import Call
from mnistspec.shapes.arguments import integers, items, number, refuse
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape, ShapeError, Tensor, show
from mnistspec.shapes.dtypes import cast_input, compute_dtype
from mnistspec.shapes.results import has_activation, only, result, unknown, weightless
from mnistspec.shapes.sizes import axis_size, check_once, elements, product, scaled, total
from mnistspec.shapes.volume import volume

# A look at a call's arguments, which raises ShapeError.
Check = Callable[[Call], object]


def keeping_shape(work: int = 1, check: Check | None = None) -> Rule:
    """Each input as it is, in the compute dtype, with `work` operations an element; a list gives a list."""
    return partial(_keeping_shape, work, check)


def _keeping_shape(work: int, check: Check | None, call: Call, inputs: Inputs) -> Inferred:
    if check is not None:
        check(call)
    outputs = tuple(Tensor(tensor.shape, compute_dtype(call)) for tensor in inputs.tensors)
    return Inferred(outputs, 0, 0, total(_work(tensor.shape, work) for tensor in outputs))


def _work(shape: Shape | None, each: int) -> int | None:
    if each == 0:
        return 0
    return None if shape is None else scaled(elements(shape), each)


def softmax(call: Call, inputs: Inputs) -> Inferred:
    """The elements along `axis` as shares of one whole."""
    for tensor in inputs.tensors:
        axes = integers(call, "axis") if tensor.shape is not None else ()
        for axis in axes:
            axis_size(call, tensor.shape or (), axis)
        check_once(call, tensor.shape or (), axes)
    return _keeping_shape(1, None, call, inputs)


def activation(call: Call, inputs: Inputs) -> Inferred:
    """Each element through the function that `activation` names."""
    return _keeping_shape(int(has_activation(call)), None, call, inputs)


def identity(call: Call, inputs: Inputs) -> Inferred:
    """Each input as it is, in its own dtype."""
    return Inferred(tuple(cast_input(call, tensor) for tensor in inputs.tensors), 0, 0, 0)


def masking(call: Call, inputs: Inputs) -> Inferred:
    """The input with the steps that hold only `mask_value` set to zero: two comparisons and a choice an element."""
    shape = only(call, inputs).shape
    return weightless(call, shape, None if shape is None else scaled(elements(shape), 2))


def prelu(call: Call, inputs: Inputs) -> Inferred:
    """A leaky rectifier with a slope for each element, shared along `shared_axes` (counted from 1)."""
    shared = () if call.argument("shared_axes") is None else integers(call, "shared_axes")
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call)
    slopes = list(shape[1:])
    for axis in shared:
        if not -len(slopes) < axis <= len(slopes):
            raise ShapeError(f"`shared_axes` names axis {axis}, which {show(shape)} does not have", "shared_axes")
        slopes[axis - 1] = 1
    count = product(slopes)
    if count is None:
        help = "share the slopes along the axes of open size, with `shared_axes`"
        raise ShapeError(f"PReLU has a slope for each element, and {show(shape)} leaves sizes open", help=help)
    return result(call, shape, (count, 0), scaled(elements(shape), 3))


def check_rectifier(call: Call) -> None:
    """Raises: ShapeError for a ceiling, slope or threshold below zero."""
    for name in ("max_value", "negative_slope", "threshold"):
        value = call.argument(name)
        if isinstance(value, (int, float)) and value < 0:
            raise refuse(call, name, "a number of at least 0")


def check_rate(call: Call) -> None:
    """Raises: ShapeError for a rate outside 0 to 1, and for a noise shape that is no shape."""
    number(call, "rate", 0, 1)
    noise = call.argument("noise_shape")
    if call.name != "Dropout" or noise is None:
        return
    sizes = items(noise)
    if sizes is None or not all(size is None or (isinstance(size, int) and size > 0) for size in sizes):
        raise refuse(call, "noise_shape", "a list of sizes of at least 1, or null for the input's own")


def check_deviation(call: Call) -> None:
    """Raises: ShapeError for a standard deviation outside 0 to 1."""
    number(call, "stddev", 0, 1)


def spatial_dropout(rank: int) -> Rule:
    """`(batch, *space, channels)`, of which training drops whole channels."""
    return partial(_spatial_dropout, rank)


def _spatial_dropout(rank: int, call: Call, inputs: Inputs) -> Inferred:
    check_rate(call)
    if len(inputs.tensors) > 1:
        only(call, inputs)
    if inputs.first.shape is not None:
        volume(call, inputs.first.shape, rank)
    return _keeping_shape(0, None, call, inputs)
