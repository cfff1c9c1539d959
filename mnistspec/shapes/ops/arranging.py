"""Functions that move elements about: other shapes, other orders. They cost nothing."""

from __future__ import annotations

from collections.abc import Sequence

from mnistspec.calls import Call
from mnistspec.shapes.arguments import integers, items
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Size, show
from mnistspec.shapes.broadcasting import broadcast
from mnistspec.shapes.ops.given import is_number
from mnistspec.shapes.ops.indexing import check_inside, positions
from mnistspec.shapes.ops.operands import axes_of, given, new_axis, operand
from mnistspec.shapes.sizes import elements, product


def reshape(call: Call, inputs: Inputs) -> Inferred:
    """The elements in another shape, the batch included; one -1 is worked out."""
    x = operand(call, inputs, "x")
    target = integers(call, "newshape")
    if target.count(-1) > 1:
        raise ShapeError("`newshape` has more than one -1, and only one can be worked out", "newshape")
    if x.shape is None:
        return given(None, x.dtype)
    _check_any_batch(x.shape, target)
    return given(_reshaped(x.shape, target), x.dtype)


def _check_any_batch(shape: Shape, target: tuple[int, ...]) -> None:
    """Raises: ShapeError where the sizes fit no batch, however large."""
    each = elements(shape) if shape and shape[0] is None else None
    wanted = product(size for size in target if size != -1)
    if each and target == (each,) and each > 1:
        help = f"axis 0 is the batch: write `[{', '.join(map(str, (-1, *target)))}]`"
        raise ShapeError("`newshape` is the shape of one example, and leaves the batch out", "newshape", help)
    if each and wanted is not None and (wanted == 0 or (-1 not in target and wanted % each)):
        message = f"`newshape` has {wanted} elements and an example has {each}: no batch fits"
        help = f"axis 0 is the batch: write `[-1, {each}]`, or sizes after -1 that make {each} together"
        raise ShapeError(message, "newshape", help)


def _reshaped(shape: Shape, target: tuple[int, ...]) -> Shape:
    count, wanted = product(shape), product(size for size in target if size != -1)
    assert wanted is not None
    if count is None:
        return tuple(None if size == -1 else size for size in target)
    if (-1 in target and (wanted == 0 or count % wanted)) or (-1 not in target and count != wanted):
        raise ShapeError(f"{show(shape)} has {count} elements, which do not fit {show(target)}", "newshape")
    return tuple(count // wanted if size == -1 else size for size in target)


def ravel(call: Call, inputs: Inputs) -> Inferred:
    """All elements in one row."""
    x = operand(call, inputs, "x")
    return given(None if x.shape is None else (product(x.shape),), x.dtype)


def transpose(call: Call, inputs: Inputs) -> Inferred:
    """The axes in another order; turned around where `axes` is null."""
    x = operand(call, inputs, "x")
    if x.shape is None:
        return given(None, x.dtype)
    if call.argument("axes") is None:
        return given(x.shape[::-1], x.dtype)
    axes = axes_of(call, x.shape, call.argument("axes"), "axes")
    if sorted(axes) != list(range(len(x.shape))):
        raise ShapeError(f"`axes` must name each axis of {show(x.shape)} once", "axes", _with_batch(axes, x.shape))
    return given(tuple(x.shape[axis] for axis in axes), x.dtype)


def _with_batch(axes: Sequence[int], shape: Shape) -> str | None:
    """The axes with the batch in front, where they were counted without it."""
    if sorted(axes) != list(range(len(shape) - 1)):
        return None
    return f"axis 0 is the batch: write `{[0, *(axis + 1 for axis in axes)]}`"


def swapaxes(call: Call, inputs: Inputs) -> Inferred:
    """Two axes in each other's place."""
    x = operand(call, inputs, "x")
    if x.shape is None:
        return given(None, x.dtype)
    (one,), (other,) = (axes_of(call, x.shape, call.argument(name), name) for name in ("axis1", "axis2"))
    sizes = list(x.shape)
    sizes[one], sizes[other] = sizes[other], sizes[one]
    return given(tuple(sizes), x.dtype)


def expand_dims(call: Call, inputs: Inputs) -> Inferred:
    """New axes of size 1, at their places in the result."""
    x = operand(call, inputs, "x")
    if x.shape is None:
        return given(None, x.dtype)
    new = integers(call, "axis")
    rank = len(x.shape) + len(new)
    axes = [new_axis(call, x.shape, axis, rank) for axis in new]
    sizes = iter(x.shape)
    if len(set(axes)) < len(axes):
        raise ShapeError("`axis` names one place twice", "axis")
    return given(tuple(1 if place in axes else next(sizes) for place in range(rank)), x.dtype)


def squeeze(call: Call, inputs: Inputs) -> Inferred:
    """Without axes of size 1: all of them where `axis` is null."""
    x = operand(call, inputs, "x")
    if x.shape is None:
        return given(None, x.dtype)
    if call.argument("axis") is None:
        return given(tuple(size for size in x.shape if size != 1), x.dtype)
    axes = axes_of(call, x.shape, call.argument("axis"))
    for axis in axes:
        if x.shape[axis] != 1:
            size = "open" if x.shape[axis] is None else x.shape[axis]
            raise ShapeError(f"axis {axis} of {show(x.shape)} is {size}, and only 1 can be taken away", "axis")
    if len(set(axes)) < len(axes):
        return given(None, x.dtype)
    return given(tuple(size for place, size in enumerate(x.shape) if place not in axes), x.dtype)


def broadcast_to(call: Call, inputs: Inputs) -> Inferred:
    """A tensor stretched to a shape."""
    x = operand(call, inputs, "x")
    target = integers(call, "shape")
    if x.shape is not None:
        broadcast(call, [x.shape, target])
    return given(target, x.dtype)


def tile(call: Call, inputs: Inputs) -> Inferred:
    """A tensor many times over, along each axis as often as `repeats` says."""
    x = operand(call, inputs, "x")
    repeats = integers(call, "repeats")
    if x.shape is None:
        return given(None, x.dtype)
    rank = max(len(x.shape), len(repeats))
    shape, times = (1,) * (rank - len(x.shape)) + x.shape, (1,) * (rank - len(repeats)) + repeats
    return given(tuple(_times(size, count) for size, count in zip(shape, times, strict=True)), x.dtype)


def _times(size: Size, count: int) -> Size:
    return None if size is None else size * count


def repeat(call: Call, inputs: Inputs) -> Inferred:
    """Each element as often as `repeats` says, along an axis or, where it is null, of all elements in a row."""
    x = operand(call, inputs, "x")
    repeats, axis = integers(call, "repeats"), call.argument("axis")
    if x.shape is None:
        return given(None, x.dtype)
    if axis is None:
        return given((_repeated(product(x.shape), repeats),), x.dtype)
    (place,) = axes_of(call, x.shape, axis)
    size = _repeated(x.shape[place], repeats)
    return given((*x.shape[:place], size, *x.shape[place + 1 :]), x.dtype)


def _repeated(size: Size, repeats: tuple[int, ...]) -> Size:
    if len(repeats) == 1:
        return _times(size, repeats[0])
    if size is None:
        return None
    if size != len(repeats):
        raise ShapeError(f"`repeats` has {len(repeats)} numbers for {size} elements", "repeats")
    return sum(repeats)


def take(call: Call, inputs: Inputs) -> Inferred:
    """The entries of `indices` along an axis; of all elements in a row where it is null."""
    x, indices = operand(call, inputs, "x"), operand(call, inputs, "indices")
    if is_number(call, inputs, "x"):
        raise ShapeError(f"`x` of {call.name} must be a tensor or a list of numbers, not a number", "x")
    if x.shape is None or indices.shape is None:
        return given(None, x.dtype)
    if call.argument("axis") is None:
        _check_positions(call, x.shape, product(x.shape))
        return given(indices.shape, x.dtype)
    (axis,) = axes_of(call, x.shape, call.argument("axis"))
    _check_positions(call, x.shape, x.shape[axis])
    return given((*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :]), x.dtype)


def _check_positions(call: Call, shape: Shape, size: Size) -> None:
    """Raises: ShapeError for a position, written in the spec, that the axis does not have."""
    for position in positions(call.argument("indices")):
        check_inside(shape, size, position, "indices")


def sliced(call: Call, inputs: Inputs) -> Inferred:
    """A piece of the size `shape`; -1 takes all that follows where it begins."""
    x = operand(call, inputs, "inputs")
    sizes, starts = integers(call, "shape"), items(call.argument("start_indices"))
    if x.shape is None or starts is None:
        return given(None, x.dtype)
    if not len(sizes) == len(starts) == len(x.shape):
        message = f"`start_indices` and `shape` of {call.name} need a number for each axis of {show(x.shape)}"
        raise ShapeError(message, "shape")
    return given(None if -1 in sizes else sizes, x.dtype)
