"""Functions that move pixels to channels and back, in blocks and in windows."""

from __future__ import annotations

from math import prod

from mnistspec.calls import Call
from mnistspec.shapes.arguments import sizes, whole
from mnistspec.shapes.base import Inferred, Inputs, ShapeError, Size, show
from mnistspec.shapes.ops.given import array, check_ranks
from mnistspec.shapes.ops.operands import given
from mnistspec.shapes.sizes import product, scaled
from mnistspec.shapes.volume import Volume, volume


def depth_to_space(call: Call, inputs: Inputs) -> Inferred:
    """Channels to squares of pixels."""
    place, block = _blocks(call, inputs)
    if place.channels is not None and place.channels % block**2:
        raise ShapeError(f"{call.name} shares {place.channels} channels out among {block**2} pixels", "block_size")
    channels = None if place.channels is None else place.channels // block**2
    space = [scaled(size, block) for size in place.space]
    return given(place.with_space(space).with_channels(channels).shape, array(call, inputs, "x").dtype)


def space_to_depth(call: Call, inputs: Inputs) -> Inferred:
    """Squares of pixels to channels."""
    place, block = _blocks(call, inputs)
    if any(size is not None and size % block for size in place.space):
        raise ShapeError(f"{call.name} needs sizes that are multiples of {block}: {show(place.space)}", "block_size")
    space = [None if size is None else size // block for size in place.space]
    return given(
        place.with_space(space).with_channels(scaled(place.channels, block**2)).shape, array(call, inputs, "x").dtype
    )


def _blocks(call: Call, inputs: Inputs) -> tuple[Volume, int]:
    block = whole(call, "block_size", 2)
    return volume(call, array(call, inputs, "x").shape, 2), block


def unfold(call: Call, inputs: Inputs) -> Inferred:
    """Images `(batch, channels, height, width)` to what a window sees, `(batch, channels * window, places)`."""
    x = array(call, inputs, "x")
    check_ranks(call, x.shape, (4,))
    _, channels, *space = x.shape
    kernel = sizes(call, "kernel_size", 2)
    counts = [_seen(call, size, axis) for axis, size in enumerate(space)]
    places = product(counts)
    if channels is None or places is None or places < 0:
        raise ShapeError(f"{call.name} needs to know channels and sizes the window fits, and is given {show(x.shape)}")
    return given((x.shape[0], channels * prod(kernel), places), x.dtype)


def _seen(call: Call, size: Size, axis: int) -> Size:
    kernel, spread, padding, stride = (
        sizes(call, name, 2, 0)[axis] for name in ("kernel_size", "dilation", "padding", "stride")
    )
    if not stride:
        raise ShapeError(f"`stride` of {call.name} must be at least 1", "stride")
    return None if size is None else (size + 2 * padding - spread * (kernel - 1) - 1) // stride + 1


def fold(call: Call, inputs: Inputs) -> Inferred:
    """What a window saw, put together to images `(batch, channels, height, width)`."""
    x = array(call, inputs, "x")
    check_ranks(call, x.shape, (3,))
    window, columns = prod(sizes(call, "kernel_size", 2)), x.shape[1]
    if columns is not None and columns % window:
        raise ShapeError(f"{call.name} shares {columns} out among a window of {window}", "kernel_size")
    channels = None if columns is None else columns // window
    return given((x.shape[0], channels, *sizes(call, "output_size", 2)), x.dtype)
