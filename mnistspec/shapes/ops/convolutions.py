"""Convolutions and pools as functions: the kernel is a tensor, and the rest is what the layers of the name do."""

from __future__ import annotations

from functools import partial
from math import prod

from mnistspec.calls import Call
from mnistspec.shapes.arguments import is_whole, items, refuse, sizes, word
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape, ShapeError, Size, show
from mnistspec.shapes.ops.given import Known, array, check_least_rank, symbolic
from mnistspec.shapes.ops.operands import given
from mnistspec.shapes.sizes import elements, product, scaled, total
from mnistspec.shapes.transposed import spread
from mnistspec.shapes.volume import SPACE, Volume, Window, volume


def _steps(call: Call, name: str, rank: int) -> tuple[int, ...]:
    """A size for each axis in space; Keras stretches a list of one as well."""
    value = items(call.argument(name))
    if value is not None and len(value) == 1 and isinstance(value[0], int):
        return (value[0],) * rank
    return sizes(call, name, rank)


def _kernel(call: Call, inputs: Inputs, name: str, x: Known) -> Known:
    kernel = array(call, inputs, name)
    if kernel.rank != x.rank or x.rank < 2:
        message = f"`{name}` of {call.name} must have as many axes as what it moves over"
        raise ShapeError(f"{message}: they are {show(kernel.shape)} and {show(x.shape)}", name)
    return kernel


def _check_channels(call: Call, have: Size, want: Size) -> None:
    if None not in (have, want) and have != want:
        raise ShapeError(f"{call.name} is given channels: {have}, and its kernel is made for {want}")


def _window(call: Call, kernel: Known, dilation: tuple[int, ...], space: tuple[Size, ...]) -> Window:
    """The kernel as a window. Raises: ShapeError where an axis of it is open and its size is needed."""
    rank = kernel.rank - 2
    padding = word(call, "padding", ("valid", "same"))
    if padding == "valid" and None in kernel.shape[:-2]:
        raise _open_kernel(call, kernel)
    size = tuple(known or 1 for known in kernel.shape[:-2])
    return Window(size, _steps(call, "strides", rank), dilation, padding, "padding", "a kernel")


def _places(call: Call, x: Known, kernel: Known) -> Volume:
    """Where the kernel stands, with the channels of the input."""
    rank = x.rank - 2
    dilation = sizes(call, "dilation_rate", rank)
    place = volume(call, x.shape, rank)
    _check_channels(call, place.channels, kernel.shape[-2])
    return place.with_space(_window(call, kernel, dilation, place.space).over(place.space))


def _is_clear(call: Call, x: Known) -> bool:
    """Whether the input has one to three axes in space; in one, Keras makes nothing of more than one size."""
    rank = x.rank - 2
    return rank in SPACE and not (rank == 1 and _longer(call, rank, "strides", "pool_size"))


def conv(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, *space, channels)` and a kernel `(*size, channels, filters)`."""
    x = symbolic(call, inputs, "inputs")
    kernel = _kernel(call, inputs, "kernel", x)
    if not _is_clear(call, x):
        return given(None, x.dtype)
    output = _places(call, x, kernel).with_channels(kernel.shape[-1]).shape
    return given(output, x.dtype, _work(output, kernel.shape[:-1]))


def _work(output: Shape, summed: Shape) -> int | None:
    length = product(summed)
    return None if length is None else scaled(elements(output), 2 * length)


def _multiplied(call: Call, kernel: Known) -> int:
    filters = product(kernel.shape[-2:])
    if filters is None:
        raise ShapeError(f"{call.name} needs to know the kernel's channels, and is given {show(kernel.shape)}")
    return filters


def depthwise_conv(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, *space, channels)` and a kernel `(*size, channels, multiplier)`."""
    x = array(call, inputs, "inputs")
    kernel = _kernel(call, inputs, "kernel", x)
    if not _is_clear(call, x):
        return given(None, x.dtype)
    output = _places(call, x, kernel).with_channels(_multiplied(call, kernel)).shape
    return given(output, x.dtype, _work(output, kernel.shape[:-2]))


def separable_conv(call: Call, inputs: Inputs) -> Inferred:
    """A depthwise convolution, and one of kernel 1 after it."""
    x = symbolic(call, inputs, "inputs")
    kernel, pointwise = _kernel(call, inputs, "depthwise_kernel", x), array(call, inputs, "pointwise_kernel")
    check_least_rank(call, pointwise.shape, 1)
    if not _is_clear(call, x):
        return given(None, x.dtype)
    between = _places(call, x, kernel).with_channels(_multiplied(call, kernel))
    output = between.with_channels(pointwise.shape[-1]).shape
    work = total((_work(between.shape, kernel.shape[:-2]), _work(output, (between.channels,))))
    return given(output, x.dtype, work)


def conv_transpose(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, *space, channels)` and a kernel `(*size, filters, channels)`."""
    x, kernel = symbolic(call, inputs, "inputs"), array(call, inputs, "kernel")
    rank = x.rank - 2
    if kernel.rank < x.rank or rank < 0:
        message = f"`kernel` of {call.name} must have as many axes as what it moves over"
        raise ShapeError(f"{message}: they are {show(kernel.shape)} and {show(x.shape)}", "kernel")
    if kernel.rank > x.rank or rank not in SPACE or _longer(call, rank, "strides", "dilation_rate", "output_padding"):
        return given(None, x.dtype)
    place = volume(call, x.shape, rank)
    _check_channels(call, place.channels, kernel.shape[-1])
    output = place.with_space(_spread_over(call, place.space, kernel)).with_channels(kernel.shape[-2]).shape
    return given(output, x.dtype, _work(x.shape, kernel.shape[:-1]))


def _longer(call: Call, rank: int, *names: str) -> bool:
    """Whether a list has more sizes than there are axes, of which Keras reads the first."""
    return any(len(items(call.argument(name)) or ()) > rank for name in names)


def _spread_over(call: Call, space: tuple[Size, ...], kernel: Known) -> list[Size]:
    rank = len(space)
    if any(size is not None and reach is None for size, reach in zip(space, kernel.shape, strict=False)):
        raise _open_kernel(call, kernel)
    strides, dilation = sizes(call, "strides", rank), sizes(call, "dilation_rate", rank)
    extra = (None,) * rank if call.argument("output_padding") is None else sizes(call, "output_padding", rank, 0)
    reach = tuple(size or 1 for size in kernel.shape[:rank])
    window = Window(reach, strides, dilation, word(call, "padding", ("valid", "same")), "padding", "a kernel")
    return [spread(size, axis, window, extra[axis]) for axis, size in enumerate(space)]


def _open_kernel(call: Call, kernel: Known) -> ShapeError:
    return ShapeError(f"{call.name} needs to know the kernel's size, and is given {show(kernel.shape)}")


def pool(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, *space, channels)` to `(batch, *places of the window, channels)`."""
    x = symbolic(call, inputs, "inputs")
    check_least_rank(call, x.shape, 1)
    rank = x.rank - 2
    if not _is_clear(call, x) or _is_unread(call, rank):
        return given(None, x.dtype)
    size = _steps(call, "pool_size", rank)
    strides = size if call.argument("strides") is None else _steps(call, "strides", rank)
    window = Window(size, strides, (1,) * rank, word(call, "padding", ("valid", "same")), "pool_size", "a pool")
    place = volume(call, x.shape, rank)
    output = place.with_space(window.over(place.space)).shape
    return given(output, x.dtype, scaled(elements(output), prod(size)))


def _is_unread(call: Call, rank: int) -> bool:
    """Whether the pool's size is for other axes, and Keras does not look at it."""
    size = items(call.argument("pool_size"))
    strided = call.argument("strides") is not None and call.argument("padding") == "same"
    return size is not None and strided and len(size) not in (1, rank)


def adaptive_pool(call: Call, inputs: Inputs) -> Inferred:
    """Windows of whatever size gives `output_size`. Keras 3 puts the sizes one axis late with channels last."""
    x = array(call, inputs, "inputs")
    size = items(call.argument("output_size"))
    if size is None:
        raise refuse(call, "output_size", "a list with a size for each axis in space")
    output = tuple(each for each in size if isinstance(each, int) and is_whole(each))
    if call.argument("data_format") == "channels_first":
        check_least_rank(call, x.shape, 2)
        return given((*x.shape[:2], *output), x.dtype, elements(x.shape))
    check_least_rank(call, x.shape, 1)
    return given((*x.shape[: -len(output)], *output, x.shape[-1]), x.dtype, elements(x.shape))


def patches(rank: int) -> Rule:
    """Images to the pieces of them that a window passes, each in a row of channels."""
    return partial(_patches, rank)


def _patches(rank: int, call: Call, inputs: Inputs) -> Inferred:
    x = array(call, inputs, call.facts.first_argument)
    size = sizes(call, "size", rank)
    batched = (1, *x.shape) if x.rank == rank + 1 else x.shape
    strides = size if call.argument("strides") is None else _steps(call, "strides", rank)
    window = Window(
        size, strides, sizes(call, "dilation_rate", rank), word(call, "padding", ("valid", "same")), "size", "a patch"
    )
    place = volume(call, batched, rank)
    if place.channels is None:
        raise ShapeError(f"{call.name} needs to know the number of channels, and is given {show(x.shape)}")
    output = place.with_space(window.over(place.space)).with_channels(prod(size) * place.channels).shape
    return given(output[1:] if x.rank == rank + 1 else output, x.dtype, 0)
