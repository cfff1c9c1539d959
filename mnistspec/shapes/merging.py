"""Layers that make one tensor of several: element by element, end to end, or by a dot product."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from mnistspec.calls import Call
from mnistspec.shapes.arguments import integers, is_whole, refuse
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape, ShapeError, Size, show
from mnistspec.shapes.results import weightless
from mnistspec.shapes.sizes import axis_size, elements, scaled


def elementwise(least: int = 1, most: int | None = None) -> Rule:
    """Several inputs, broadcast against each other, to one; `least` to `most` of them."""
    return partial(_elementwise, least, most)


def _elementwise(least: int, most: int | None, call: Call, inputs: Inputs) -> Inferred:
    shapes = _several(call, inputs, least, most)
    if shapes is None:
        return weightless(call, None)
    batch = _common_batch(call, shapes)
    merged = shapes[0][1:]
    for shape in shapes[1:]:
        merged = _broadcast(call, merged, shape[1:], shapes)
    output = (batch, *merged)
    return weightless(call, output, scaled(elements(output), max(1, len(shapes) - 1)))


def _several(call: Call, inputs: Inputs, least: int, most: int | None) -> list[Shape] | None:
    """The shapes of the inputs, None when one is unknown. Raises: ShapeError unless called on a list long enough."""
    if inputs.single:
        raise ShapeError(f"{call.name} merges a list of inputs, and is given one", help="write `from: [NODE, ...]`")
    count = len(inputs.tensors)
    if count < least or (most is not None and count > most):
        raise ShapeError(f"{call.name} takes exactly {least} inputs, and is given {count}")
    known = [tensor.shape for tensor in inputs.tensors if tensor.shape is not None]
    return known if len(known) == count else None


def _listed(shapes: Sequence[Shape]) -> str:
    return ", ".join(show(shape) for shape in shapes[:-1]) + (" and " if len(shapes) > 1 else "") + show(shapes[-1])


def _common_batch(call: Call, shapes: Sequence[Shape]) -> Size:
    batches = {shape[0] for shape in shapes if shape} - {None}
    if len(batches) > 1:
        raise ShapeError(f"{call.name} needs inputs of one batch size, and is given {_listed(shapes)}")
    return next(iter(batches), None)


def _broadcast(call: Call, one: Shape, other: Shape, shapes: Sequence[Shape]) -> Shape:
    """Two shapes without their batches as one: aligned at the end, a size of 1 stretched to the other's."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    start = len(longer) - len(shorter)
    pairs = zip(longer[start:], shorter, strict=True)
    return (*longer[:start], *(_stretched(call, left, right, shapes) for left, right in pairs))


def _stretched(call: Call, left: Size, right: Size, shapes: Sequence[Shape]) -> Size:
    if left is None or right is None:
        return None
    if 1 not in (left, right) and left != right:
        message = f"{call.name} needs inputs of one shape, and is given {_listed(shapes)}"
        help = f"{left} and {right} can only meet where they are equal or one of them is 1"
        raise ShapeError(message, help=help)
    return right if left == 1 else left


def concatenate(call: Call, inputs: Inputs) -> Inferred:
    """Several inputs, alike but for one axis, end to end along it."""
    axis = call.argument("axis")
    if not isinstance(axis, int) or isinstance(axis, bool):
        raise refuse(call, "axis", "an integer")
    shapes = _several(call, inputs, 1, None)
    if shapes is None:
        return weightless(call, None)
    if len(shapes) == 1 and axis >= 0:
        return weightless(call, shapes[0])
    along = [axis_size(call, shape, axis) for shape in shapes]
    _check_alike(axis, shapes)
    output = list(shapes[0])
    output[axis] = None if None in along else sum(size for size in along if size is not None)
    return weightless(call, tuple(output))


def _check_alike(axis: int, shapes: Sequence[Shape]) -> None:
    others = [_without(shape, axis) for shape in shapes]
    ranks = {len(shape) for shape in others}
    columns = zip(*others, strict=True) if len(ranks) == 1 else ()
    if len(ranks) > 1 or any(len(set(column) - {None}) > 1 for column in columns):
        message = f"Concatenate needs inputs that differ only along axis {axis}, and is given {_listed(shapes)}"
        raise ShapeError(message, help="reshape or crop them first, or set `axis` to the one they differ on")


def _without(shape: Shape, axis: int) -> Shape:
    axis %= len(shape)
    return shape[:axis] + shape[axis + 1 :]


def dot(call: Call, inputs: Inputs) -> Inferred:
    """Two inputs to the sums of their products along one axis of each."""
    axes = integers(call, "axes")
    one = is_whole(call.argument("axes"))
    if len(axes) != (1 if one else 2):
        raise refuse(call, "axes", "an integer or a list of two")
    shapes = _several(call, inputs, 2, 2)
    if shapes is None:
        return weightless(call, None)
    left, right = shapes
    if one and axes[0] < 0:
        axes = (axes[0] % len(left), axes[0] % len(right))
    summed = axis_size(call, left, axes[0], "axes")
    if summed != axis_size(call, right, axes[-1], "axes"):
        message = f"Dot needs equal sizes along `axes`, and is given {show(left)} and {show(right)}"
        help = f"axis {axes[0]} of the first is {summed}, axis {axes[-1]} of the second {right[axes[-1]]}"
        raise ShapeError(message, "axes", help)
    output = _dot_output(left, right, axes)
    work = None if summed is None else scaled(elements(output), 2 * summed)
    return weightless(call, output, work)


def _dot_output(left: Shape, right: Shape, axes: tuple[int, ...]) -> Shape:
    """What is left of both without the axes, and of the second without its batch; at least `(batch, 1)`."""
    rest = _without(right, axes[-1])
    if not rest:
        raise ShapeError(f"Dot needs inputs of at least 2 axes, and is given {show(left)} and {show(right)}")
    output = (*_without(left, axes[0]), *rest[1:])
    return (*output, 1) if len(output) == 1 else output
