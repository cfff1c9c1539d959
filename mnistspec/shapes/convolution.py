"""Convolutions of one to three axes in space: plain and grouped, depthwise, and separable."""

from __future__ import annotations

from functools import partial
from math import prod

from mnistspec.calls import Call
from mnistspec.shapes.arguments import sizes, whole, word
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape, ShapeError, show
from mnistspec.shapes.results import finishing_work, kernel_counts, only, result, unknown
from mnistspec.shapes.sizes import elements, required, scaled, total
from mnistspec.shapes.volume import Volume, Window, volume


def convolution_window(call: Call, rank: int, paddings: tuple[str, ...] = ("valid", "same")) -> Window:
    """The kernel as the arguments describe it. Raises: ShapeError for values that are no sizes."""
    return Window(
        size=sizes(call, "kernel_size", rank),
        strides=sizes(call, "strides", rank),
        dilation=sizes(call, "dilation_rate", rank),
        padding=word(call, "padding", paddings),
        argument="kernel_size",
        noun="a kernel",
    )


def check_strides(window: Window) -> None:
    """Raises: ShapeError for steps and spread together, which Keras does not calculate."""
    if max(window.strides) > 1 and max(window.dilation) > 1:
        message = f"strides of {max(window.strides)} and a dilation rate of {max(window.dilation)} exclude each other"
        raise ShapeError(message, "dilation_rate", "leave one of them at 1")


def _channels(call: Call, shape: Shape, space: Volume) -> int:
    return required(call, space.channels, shape, "the number of channels")


def _convolution(rank: int, call: Call, inputs: Inputs) -> Inferred:
    window = convolution_window(call, rank, ("valid", "same", "causal") if rank == 1 else ("valid", "same"))
    filters, groups = whole(call, "filters"), whole(call, "groups")
    _check_groups(filters, groups)
    check_strides(window)
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call)
    given = volume(call, shape, rank)
    kernel = (*window.size, _grouped(_channels(call, shape, given), groups, shape), filters)
    output = given.with_space(window.over(given.space)).with_channels(filters).shape
    trainable, frozen = kernel_counts(call, kernel)
    bias = filters if call.argument("use_bias") else 0
    work = total((scaled(elements(output), 2 * prod(kernel[:-1])), finishing_work(call, output)))
    return result(call, output, (trainable + bias, frozen), work)


def _check_groups(filters: int, groups: int) -> None:
    if filters % groups:
        message = f"{filters} filters cannot be shared out among {groups} groups"
        raise ShapeError(message, "groups", f"`filters` must be a multiple of {groups}")


def _grouped(channels: int, groups: int, shape: Shape) -> int:
    if channels % groups:
        message = f"the input's {channels} channels cannot be shared out among {groups} groups: it is {show(shape)}"
        raise ShapeError(message, "groups")
    return channels // groups


def _depthwise(rank: int, call: Call, inputs: Inputs) -> Inferred:
    window, multiplier = convolution_window(call, rank), whole(call, "depth_multiplier")
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call)
    given = volume(call, shape, rank)
    filters = _channels(call, shape, given) * multiplier
    output = given.with_space(window.over(given.space)).with_channels(filters).shape
    count = prod(window.size) * filters + (filters if call.argument("use_bias") else 0)
    work = total((scaled(elements(output), 2 * prod(window.size)), finishing_work(call, output)))
    return result(call, output, (count, 0), work)


def _separable(rank: int, call: Call, inputs: Inputs) -> Inferred:
    window, filters = convolution_window(call, rank), whole(call, "filters")
    multiplier = whole(call, "depth_multiplier")
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call)
    given = volume(call, shape, rank)
    between = _channels(call, shape, given) * multiplier
    places = given.with_space(window.over(given.space))
    output = places.with_channels(filters).shape
    count = prod(window.size) * between + between * filters + (filters if call.argument("use_bias") else 0)
    depthwise = scaled(elements(places.with_channels(between).shape), 2 * prod(window.size))
    pointwise = scaled(elements(output), 2 * between)
    return result(call, output, (count, 0), total((depthwise, pointwise, finishing_work(call, output))))


def convolution(rank: int) -> Rule:
    """`(batch, *space, channels)` to `(batch, *places of the kernel, filters)`."""
    return partial(_convolution, rank)


def depthwise(rank: int) -> Rule:
    """`(batch, *space, channels)` to `(batch, *places of the kernel, channels * depth_multiplier)`."""
    return partial(_depthwise, rank)


def separable(rank: int) -> Rule:
    """A depthwise convolution and one of kernel 1 after it, to `(batch, *places of the kernel, filters)`."""
    return partial(_separable, rank)
