"""Shapes that meet: aligned at the end, sizes of 1 stretched to the other's."""

from __future__ import annotations

from collections.abc import Sequence

from mnistspec.calls import Call
from mnistspec.shapes.base import Shape, ShapeError, Size, show


def broadcast(call: Call, shapes: Sequence[Shape]) -> Shape:
    """Shapes as one, aligned at the end, sizes of 1 stretched. Raises: ShapeError where they do not fit."""
    merged = shapes[0]
    for shape in shapes[1:]:
        rank = max(len(merged), len(shape))
        one, other = ((1,) * (rank - len(each)) + each for each in (merged, shape))
        merged = tuple(_stretched(call, a, b, shapes) for a, b in zip(one, other, strict=True))
    return merged


def _stretched(call: Call, left: Size, right: Size, shapes: Sequence[Shape]) -> Size:
    if left == 1:
        return right
    if left is None:
        return None if right == 1 else right
    if right in (1, None, left):
        return left
    listed = " and ".join(show(shape) for shape in shapes)
    help = f"{left} and {right} can only meet where they are equal or one of them is 1"
    raise ShapeError(f"{call.name} needs inputs of one shape, and is given {listed}", help=help)
