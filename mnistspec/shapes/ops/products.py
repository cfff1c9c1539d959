"""Products of tensors: matmul and einsum. An element of the result sums up products, two operations each."""

from __future__ import annotations

import re

from mnistspec.calls import Call
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Size, show
from mnistspec.shapes.broadcasting import broadcast
from mnistspec.shapes.ops.operands import given, operand, operands, promoted, worked

_EQUATION = re.compile(r"([a-zA-Z]+(?:,[a-zA-Z]+)*)->([a-zA-Z]*)")
# An equation that leaves the axes of its result to the order of their letters.
_TERMS = re.compile(r"[a-zA-Z]+(?:,[a-zA-Z]+)*")


def matmul(call: Call, inputs: Inputs) -> Inferred:
    """`(..., rows, k)` and `(..., k, columns)` to `(..., rows, columns)`; a vector's own axis goes away again."""
    left, right = operand(call, inputs, "x1"), operand(call, inputs, "x2")
    dtype = promoted([left.dtype, right.dtype], call)
    if left.shape is None or right.shape is None:
        return given(None, dtype)
    if not left.shape or not right.shape:
        raise ShapeError(f"{call.name} needs tensors of at least one axis")
    one = left.shape if len(left.shape) > 1 else (1, *left.shape)
    other = right.shape if len(right.shape) > 1 else (*right.shape, 1)
    if None not in (one[-1], other[-2]) and one[-1] != other[-2]:
        message = f"{call.name} needs equal sizes inside, and is given {show(left.shape)} and {show(right.shape)}"
        raise ShapeError(message, help=f"{one[-1]} and {other[-2]} must be the same; ops.swapaxes turns a tensor")
    rows = (one[-2],) if len(left.shape) > 1 else ()
    columns = (other[-1],) if len(right.shape) > 1 else ()
    shape = (*broadcast(call, [one[:-2], other[:-2]]), *rows, *columns)
    return summed(shape, dtype, one[-1] if one[-1] is not None else other[-2])


def summed(shape: Shape, dtype: str | None, length: Size) -> Inferred:
    """A product whose elements sum up so many products each."""
    if length is None:
        return given(shape, dtype, None)
    return worked(shape, dtype, 2 * length)


def einsum(call: Call, inputs: Inputs) -> Inferred:
    """What the equation says, where it names every axis: `bij,bjk->bik`."""
    xs = operands(call, inputs, "operands")
    dtype = promoted([x.dtype for x in xs], call)
    equation = str(call.argument("subscripts"))
    plain = equation.replace(" ", "")
    found = _EQUATION.fullmatch(plain)
    shapes = [x.shape for x in xs if x.shape is not None]
    if found is None or len(shapes) < len(xs):
        if len(shapes) == len(xs) and _TERMS.fullmatch(plain):
            _sizes(plain.split(","), shapes)
        return given(None, dtype)
    sizes = _sizes(found[1].split(","), shapes)
    if not set(found[2]) <= sizes.keys() or len(set(found[2])) < len(found[2]):
        raise ShapeError(f"`{equation}` gives an axis twice, or one that no tensor has", "subscripts")
    shape = tuple(sizes[letter] for letter in found[2])
    length: Size = 1
    for letter in sizes.keys() - set(found[2]):
        size = sizes[letter]
        length = None if length is None or size is None else length * size
    return summed(shape, dtype, length)


def _sizes(terms: list[str], shapes: list[Shape]) -> dict[str, Size]:
    """The size of each letter. Raises: ShapeError where terms and tensors, or the sizes of one letter, do not fit."""
    if len(terms) != len(shapes):
        raise ShapeError(f"the equation has {len(terms)} terms for {len(shapes)} tensors", "subscripts")
    sizes: dict[str, Size] = {}
    for term, shape in zip(terms, shapes, strict=True):
        if len(term) != len(shape):
            raise ShapeError(f"`{term}` names {len(term)} axes of {show(shape)}", "subscripts")
        for letter, size in zip(term, shape, strict=True):
            before = sizes.setdefault(letter, size)
            if None not in (before, size) and before != size and 1 not in (before, size):
                raise ShapeError(f"axis `{letter}` is {before} in one tensor and {size} in another", "subscripts")
            if before in (None, 1) and size != 1:
                sizes[letter] = size
    return sizes
