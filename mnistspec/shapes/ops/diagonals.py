"""Rows as the diagonals of matrices, the diagonals of matrices as rows, and their sums."""

from __future__ import annotations

from mnistspec.calls import Call
from mnistspec.shapes.arguments import whole_or_none
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Size
from mnistspec.shapes.ops.given import SUMMED, array, check_least_rank, check_ranks, one_axis
from mnistspec.shapes.ops.operands import given
from mnistspec.shapes.sizes import product


def diag(call: Call, inputs: Inputs) -> Inferred:
    """A row as the diagonal of a matrix, or a matrix' diagonal as a row."""
    x = array(call, inputs, "x")
    check_ranks(call, x.shape, (1, 2))
    return given(_square(call, x.shape[0]) if x.rank == 1 else (_length(call, "k", *x.shape),), x.dtype)


def diagflat(call: Call, inputs: Inputs) -> Inferred:
    """All elements as the diagonal of a matrix."""
    x = array(call, inputs, "x")
    return given(_square(call, product(x.shape)), x.dtype)


def _square(call: Call, size: Size) -> Shape:
    offset = call.argument("k")
    return (None if size is None or not isinstance(offset, int) else size + abs(offset),) * 2


def _length(call: Call, name: str, rows: Size, columns: Size) -> Size:
    """How long a diagonal so far off the main one is."""
    offset = call.argument(name)
    if rows is None or columns is None or not isinstance(offset, int):
        return None
    remaining = columns - offset if offset > 0 else rows + offset
    return max(0, min(remaining, rows, columns))


def _plane(call: Call, shape: Shape) -> tuple[int, int, Shape]:
    """The two axes of the diagonal, and the shape without them."""
    check_least_rank(call, shape, 2)
    one, other = one_axis(call, shape, "axis1"), one_axis(call, shape, "axis2")
    if one == other:
        raise ShapeError(f"`axis1` and `axis2` of {call.name} must be different", "axis2")
    return one, other, tuple(size for place, size in enumerate(shape) if place not in (one, other))


def diagonal(call: Call, inputs: Inputs) -> Inferred:
    """The diagonals of the matrices in two axes, along a last axis."""
    x = array(call, inputs, "x")
    one, other, rest = _plane(call, x.shape)
    return given((*rest, _length(call, "offset", x.shape[one], x.shape[other])), x.dtype)


def trace(call: Call, inputs: Inputs) -> Inferred:
    """The sums of the diagonals of the matrices in two axes."""
    x = array(call, inputs, "x")
    return given(_plane(call, x.shape)[2], SUMMED.get(x.dtype or "", x.dtype), None)


def vander(call: Call, inputs: Inputs) -> Inferred:
    """The powers of each number of a row."""
    x = array(call, inputs, "x")
    check_ranks(call, x.shape, (1,))
    return given((*x.shape, whole_or_none(call, "N") or x.shape[0]), x.dtype, None)
