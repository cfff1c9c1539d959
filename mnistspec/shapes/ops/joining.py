"""Functions that put tensors together along an axis, or take one apart. They cost nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from mnistspec.calls import Call
from mnistspec.shapes.arguments import integers, is_whole, whole
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape, ShapeError, Size, Tensor, show
from mnistspec.shapes.ops.given import array, check_least_rank, one_axis, several
from mnistspec.shapes.ops.operands import axes_of, given, new_axis, operand, operands, promoted
from mnistspec.shapes.sizes import product, total


def concatenate(call: Call, inputs: Inputs) -> Inferred:
    """Tensors alike but for one axis, end to end along it."""
    xs = operands(call, inputs, "xs")
    dtype = promoted([x.dtype for x in xs], call)
    shapes = [x.shape for x in xs if x.shape is not None]
    if len(shapes) < len(xs):
        return given(None, dtype)
    (axis,) = axes_of(call, shapes[0], call.argument("axis"))
    _check_alike(call, shapes, axis)
    along = [shape[axis] for shape in shapes]
    size = None if None in along else sum(size for size in along if size is not None)
    return given(_replaced(shapes[0], axis, size), dtype)


def _check_alike(call: Call, shapes: Sequence[Shape], axis: int | None) -> None:
    """Raises: ShapeError unless all are like the first but for the axis; Keras compares no two others."""
    if not all(_alike(shapes[0], shape, axis) for shape in shapes[1:]):
        but = f" but for axis {axis}" if axis is not None else ""
        listed = " and ".join(show(shape) for shape in shapes)
        raise ShapeError(f"{call.name} needs tensors alike{but}, and is given {listed}")


def _alike(one: Shape, other: Shape, axis: int | None) -> bool:
    pairs = enumerate(zip(one, other, strict=False))
    return len(one) == len(other) and all(place == axis or a is None or b is None or a == b for place, (a, b) in pairs)


def _replaced(shape: Shape, axis: int, size: Size) -> Shape:
    return (*shape[:axis], size, *shape[axis + 1 :])


def stack(call: Call, inputs: Inputs) -> Inferred:
    """Tensors of one shape side by side along a new axis."""
    xs = operands(call, inputs, "x")
    dtype = promoted([x.dtype for x in xs], call)
    shapes = [x.shape for x in xs if x.shape is not None]
    if len(shapes) < len(xs):
        return given(None, dtype)
    _check_alike(call, shapes, None)
    axis = new_axis(call, shapes[0], call.argument("axis"), len(shapes[0]) + 1)
    return given((*shapes[0][:axis], len(shapes), *shapes[0][axis:]), dtype)


def split(call: Call, inputs: Inputs) -> Inferred:
    """A tensor in so many equal parts along an axis, or in parts that end at the indices given."""
    x = operand(call, inputs, "x")
    if x.shape is None:
        return given(None, x.dtype)
    (axis,) = axes_of(call, x.shape, call.argument("axis"))
    return _pieces(call, x.shape, axis, x.dtype)


def _pieces(call: Call, shape: Shape, axis: int, dtype: str | None) -> Inferred:
    """The parts of an axis. Raises: ShapeError where equal parts do not come out, or a part ends before it begins."""
    parts, size = call.argument("indices_or_sections"), shape[axis]
    if isinstance(parts, int) and is_whole(parts):
        if size is not None and size % parts:
            message = f"axis {axis} of {show(shape)} cannot be split into {parts} equal parts"
            raise ShapeError(message, "indices_or_sections")
        return _several([_replaced(shape, axis, None if size is None else size // parts)] * parts, dtype)
    ends = integers(call, "indices_or_sections")
    starts = (0, *ends)
    if any(end is not None and end < start for start, end in zip(starts, (*ends, size), strict=True)):
        raise ShapeError(
            f"the parts of axis {axis} of {show(shape)} end where they begin or before", "indices_or_sections"
        )
    last = None if size is None else size - starts[-1]
    sizes = [*(end - start for start, end in zip(starts, ends, strict=False)), last]
    return _several([_replaced(shape, axis, part) for part in sizes], dtype)


def unstack(call: Call, inputs: Inputs) -> Inferred:
    """A tensor's entries along an axis, each a tensor without it."""
    x = operand(call, inputs, "x")
    if x.shape is None:
        return given(None, x.dtype)
    (axis,) = axes_of(call, x.shape, call.argument("axis"))
    number = call.argument("num") or x.shape[axis]
    if not isinstance(number, int):
        message = f"axis {axis} of {show(x.shape)} is open: {call.name} cannot tell how many tensors it gives"
        raise ShapeError(message, "axis", "say it, as in `num: 2`")
    return _several([(*x.shape[:axis], *x.shape[axis + 1 :])] * number, x.dtype)


def _several(shapes: Sequence[Shape], dtype: str | None) -> Inferred:
    return Inferred(tuple(Tensor(shape, dtype) for shape in shapes), 0, 0, 0)


def split_along(axis: int, rank: int) -> Rule:
    """A tensor of at least so many axes in parts along one of them."""
    return partial(_split_along, axis, rank)


def _split_along(axis: int, rank: int, call: Call, inputs: Inputs) -> Inferred:
    x = array(call, inputs, "x")
    check_least_rank(call, x.shape, rank)
    return _pieces(call, x.shape, min(axis, x.rank - 1), x.dtype)


def array_split(call: Call, inputs: Inputs) -> Inferred:
    """A tensor in so many parts along an axis, the first of them larger by one where it does not come out.

    Keras takes an axis below the first one for one from the end, and does not find it later.
    """
    x, parts = array(call, inputs, "x"), whole(call, "indices_or_sections")
    asked = call.argument("axis")
    if isinstance(asked, int) and -2 * x.rank <= asked < -x.rank:
        return given(None, x.dtype)
    axis = one_axis(call, x.shape)
    size = x.shape[axis]
    sizes = [None if size is None else size // parts + (place < size % parts) for place in range(parts)]
    return _several([_replaced(x.shape, axis, part) for part in sizes], x.dtype)


def stacked_along(axis: int) -> Rule:
    """Tensors alike but for one axis, end to end along it."""
    return partial(_stacked_along, axis)


def _stacked_along(axis: int, call: Call, inputs: Inputs) -> Inferred:
    xs = several(call, inputs, "xs")
    shapes = [_deep(x.shape) if axis == 2 else x.shape for x in xs]
    for shape in shapes:
        check_least_rank(call, shape, axis + 1)
    _check_alike(call, shapes, axis)
    size = total(shape[axis] for shape in shapes)
    return given(_replaced(shapes[0], axis, size), promoted([x.dtype for x in xs], call))


def _deep(shape: Shape) -> Shape:
    """The shape with at least three axes, as `dstack` sees it."""
    return {0: (1, 1, 1), 1: (1, *shape, 1), 2: (*shape, 1)}.get(len(shape), shape)


def append(call: Call, inputs: Inputs) -> Inferred:
    """One tensor after another along an axis; in a row where it is null."""
    one, other = array(call, inputs, "x1"), array(call, inputs, "x2")
    dtype = promoted([one.dtype, other.dtype], call)
    if call.argument("axis") is None:
        return given((total((product(one.shape), product(other.shape))),), dtype)
    axis = one_axis(call, one.shape)
    _check_alike(call, [one.shape, other.shape], axis)
    sizes = one.shape[axis], other.shape[axis]
    if None in sizes:
        raise ShapeError(
            f"{call.name} needs to know axis {axis} of both: {show(one.shape)} and {show(other.shape)}", "axis"
        )
    return given(_replaced(one.shape, axis, total(sizes)), dtype)


def meshgrid(call: Call, inputs: Inputs) -> Inferred:
    """The coordinates of a grid, a tensor an axis, for Keras of the last one's dtype, or floats with `ij`."""
    xs = several(call, inputs, "x")
    sizes = [product(x.shape) for x in xs]
    if call.argument("indexing") == "ij":
        return Inferred(tuple(Tensor(tuple(sizes), "float32") for _ in xs), 0, 0, 0)
    if len(xs) < 2:
        raise ShapeError(f"{call.name} needs at least two tensors")
    shape = (sizes[1], sizes[0], *sizes[2:])
    return Inferred(tuple(Tensor(shape, xs[-1].dtype) for _ in xs), 0, 0, 0)
