"""Transposed convolutions: each element of the input spreads over a kernel's reach of the output."""

from __future__ import annotations

from functools import partial
from math import prod

from mnistspec.calls import Call
from mnistspec.shapes.arguments import sizes, whole
from mnistspec.shapes.base import Inferred, Inputs, Rule, ShapeError, Size
from mnistspec.shapes.convolution import check_strides, convolution_window
from mnistspec.shapes.results import finishing_work, only, result, unknown
from mnistspec.shapes.sizes import elements, required, scaled, total
from mnistspec.shapes.volume import Window, volume


def transposed(rank: int) -> Rule:
    """`(batch, *space, channels)` to `(batch, *larger space, filters)`."""
    return partial(_transposed, rank)


def _transposed(rank: int, call: Call, inputs: Inputs) -> Inferred:
    window, filters = convolution_window(call, rank), whole(call, "filters")
    extra = _output_padding(call, rank, window)
    check_strides(window)
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call)
    given = volume(call, shape, rank)
    channels = required(call, given.channels, shape, "the number of channels")
    space = (spread(size, axis, window, extra[axis]) for axis, size in enumerate(given.space))
    output = given.with_space(space).with_channels(filters).shape
    kernel = prod(window.size) * filters
    count = kernel * channels + (filters if call.argument("use_bias") else 0)
    work = total((scaled(elements(shape), 2 * kernel), finishing_work(call, output)))
    return result(call, output, (count, 0), work)


def _output_padding(call: Call, rank: int, window: Window) -> tuple[int | None, ...]:
    if call.argument("output_padding") is None:
        return (None,) * rank
    padding = sizes(call, "output_padding", rank, minimum=0)
    for extra, stride in zip(padding, window.strides, strict=True):
        if extra >= stride:
            message = f"an output padding of {extra} is not less than the stride of {stride}"
            raise ShapeError(message, "output_padding", f"at most {stride - 1} fits between two steps of {stride}")
    return padding


def spread(size: Size, axis: int, window: Window, extra: int | None) -> Size:
    """The output's size along an axis: `(size - 1) * stride` and the reach of the last kernel that is kept."""
    if size is None:
        return None
    stride = window.strides[axis]
    reach = (window.size[axis] - 1) * window.dilation[axis] + 1
    if window.padding == "valid":
        return (size - 1) * stride + (max(reach, stride) if extra is None else reach + extra)
    return size * stride if extra is None else (size - 1) * stride + reach % 2 + extra
