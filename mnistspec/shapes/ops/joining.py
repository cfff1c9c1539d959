"""Functions that put tensors together along an axis, or take one apart. They cost nothing."""

from __future__ import annotations

from collections.abc import Sequence

from mnistspec.shapes.arguments import integers, is_whole
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Size, Tensor, show
from mnistspec.shapes.ops.operands import axes_of, given, operand, operands, promoted
from mnistspec.spec import Call


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
    ranks = {len(shape) for shape in shapes}
    columns = enumerate(zip(*shapes, strict=True)) if len(ranks) == 1 else ()
    if len(ranks) > 1 or any(place != axis and len(set(column) - {None}) > 1 for place, column in columns):
        but = f" but for axis {axis}" if axis is not None else ""
        listed = " and ".join(show(shape) for shape in shapes)
        raise ShapeError(f"{call.name} needs tensors alike{but}, and is given {listed}")


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
    (axis,) = axes_of(call, (*shapes[0], 1), call.argument("axis"))
    return given((*shapes[0][:axis], len(shapes), *shapes[0][axis:]), dtype)


def split(call: Call, inputs: Inputs) -> Inferred:
    """A tensor in so many equal parts along an axis, or in parts that end at the indices given."""
    x = operand(call, inputs, "x")
    parts = call.argument("indices_or_sections")
    if x.shape is None:
        return given(None, x.dtype)
    (axis,) = axes_of(call, x.shape, call.argument("axis"))
    size = x.shape[axis]
    if isinstance(parts, int) and is_whole(parts):
        if size is not None and size % parts:
            message = f"axis {axis} of {show(x.shape)} cannot be split into {parts} equal parts"
            raise ShapeError(message, "indices_or_sections")
        return _several([_replaced(x.shape, axis, None if size is None else size // parts)] * parts, x.dtype)
    ends = integers(call, "indices_or_sections")
    if size is None or list(ends) != sorted(ends) or ends[-1] > size:
        return given(None, x.dtype)
    sizes = [end - start for start, end in zip((0, *ends), (*ends, size), strict=True)]
    return _several([_replaced(x.shape, axis, part) for part in sizes], x.dtype)


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
