"""Products of two tensors of known shapes, beside matmul and einsum: dot, tensordot, cross and their kin."""

from __future__ import annotations

from mnistspec.calls import Call, Value
from mnistspec.shapes.arguments import is_whole, items
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Size, show
from mnistspec.shapes.broadcasting import broadcast
from mnistspec.shapes.ops.given import Known, array, check_least_rank, check_ranks, floating, known, measured, one_axis
from mnistspec.shapes.ops.operands import given, promoted, worked
from mnistspec.shapes.ops.products import summed
from mnistspec.shapes.sizes import product

# What a number as such counts as where Keras asks for its type's name.
_TYPED = {"int": "int64", "float": "float32"}


def _two(call: Call, inputs: Inputs) -> tuple[Known, Known, str | None]:
    left, right = (known(call, inputs, name) for name in ("x1", "x2"))
    return left, right, promoted([left.dtype, right.dtype], call)


def typed(call: Call, *tensors: Known, last: str | None = None) -> str | None:
    """The dtype of several where a number as such counts as a tensor of Python's dtype."""
    names = [_TYPED.get(one.dtype or "", one.dtype) for one in tensors]
    return promoted([*names, *([last] if last else [])], call)


def _unequal(call: Call, left: Known, right: Known, name: str | None = None) -> ShapeError:
    listed = f"{show(left.shape)} and {show(right.shape)}"
    return ShapeError(f"{call.name} needs equal sizes where it sums, and is given {listed}", name)


def dot(call: Call, inputs: Inputs) -> Inferred:
    """The last axis of one and the last but one of the other; with a number, a multiplication."""
    left, right, dtype = _two(call, inputs)
    if not left.shape or not right.shape:
        return worked(left.shape or right.shape, dtype)
    if right.rank == 1:
        if left.rank > 1 and left.shape[-1] != right.shape[0]:
            raise _unequal(call, left, right)
        return summed(left.shape[:-1], dtype, left.shape[-1])
    if None not in (left.shape[-1], right.shape[-2]) and left.shape[-1] != right.shape[-2]:
        raise _unequal(call, left, right)
    return summed((*left.shape[:-1], *right.shape[:-2], right.shape[-1]), dtype, left.shape[-1])


def inner(call: Call, inputs: Inputs) -> Inferred:
    """The last axes of both."""
    left, right, dtype = _two(call, inputs)
    if not left.shape or not right.shape:
        return worked(left.shape or right.shape, dtype)
    if None not in (left.shape[-1], right.shape[-1]) and left.shape[-1] != right.shape[-1]:
        raise _unequal(call, left, right)
    return summed((*left.shape[:-1], *right.shape[:-1]), dtype, left.shape[-1])


def outer(call: Call, inputs: Inputs) -> Inferred:
    """Each element of one with each of the other."""
    left, right, dtype = _two(call, inputs)
    return worked((product(left.shape), product(right.shape)), dtype)


def vdot(call: Call, inputs: Inputs) -> Inferred:
    """All elements of both: one number."""
    _, _, dtype = _two(call, inputs)
    return given((), dtype, None)


def kron(call: Call, inputs: Inputs) -> Inferred:
    """Each element of one times all of the other, side by side."""
    left, right = (known(call, inputs, name) for name in ("x1", "x2"))
    shape = tuple(product(pair) for pair in zip(left.shape, right.shape, strict=False))
    return worked(shape, typed(call, left, right))


def tensordot(call: Call, inputs: Inputs) -> Inferred:
    """The axes of both that `axes` names, or the last of one and the first of the other, so many."""
    left, right, dtype = _two(call, inputs)
    axes = call.argument("axes")
    if isinstance(axes, int) and is_whole(axes):
        if axes == 0:
            return worked((*left.shape, *right.shape), dtype)
        return summed((*left.shape[:-axes], *right.shape[axes:]), dtype, product(left.shape[-axes:]))
    one, other = (items(each) for each in items(axes) or (None, None))
    if one is None or other is None:
        raise ShapeError(f"`axes` of {call.name} must be a number, or a list of axes for each tensor", "axes")
    ours, theirs = _places(call, left, one), _places(call, right, other)
    pairs = list(zip(ours, theirs, strict=False))
    if len(ours) != len(theirs) or any(_differ(left.shape[a], right.shape[b]) for a, b in pairs):
        raise _unequal(call, left, right, "axes")
    return summed((*_without(left, ours), *_without(right, theirs)), dtype, product(left.shape[axis] for axis in ours))


def _places(call: Call, x: Known, axes: tuple[Value, ...]) -> list[int]:
    return [one_axis(call, x.shape, "axes", axis) for axis in axes]


def _differ(one: Size, other: Size) -> bool:
    return None not in (one, other) and one != other


def _without(x: Known, axes: list[int]) -> Shape:
    return tuple(size for place, size in enumerate(x.shape) if place not in axes)


def cross(call: Call, inputs: Inputs) -> Inferred:
    """The vectors at right angles to those of both."""
    left, right = array(call, inputs, "x1"), array(call, inputs, "x2")
    names = ("axisa", "axisb", "axisc") if call.argument("axis") is None else ("axis",) * 3
    one, other = one_axis(call, left.shape, names[0]), one_axis(call, right.shape, names[1])
    lengths = (left.shape[one], right.shape[other])
    if not set(lengths) <= {2, 3, None}:
        message = f"{call.name} needs vectors of 2 or 3, and is given {show(left.shape)} and {show(right.shape)}"
        raise ShapeError(message, names[0] if names[0] in call.arguments else None)
    shape = broadcast(call, [_without(left, [one]), _without(right, [other])])
    vector = (3,) if 3 in lengths else ()
    place = one_axis(call, (*shape, *vector), names[2])
    return worked((*shape[:place], *vector, *shape[place:]), promoted([left.dtype, right.dtype], call), 3)


def cdist(call: Call, inputs: Inputs) -> Inferred:
    """How far each row of one is from each of the other."""
    left, right = array(call, inputs, "x"), array(call, inputs, "y")
    for x in (left, right):
        check_least_rank(call, x.shape, 2)
    if _differ(left.shape[-1], right.shape[-1]):
        raise _unequal(call, left, right)
    batch = broadcast(call, [left.shape[:-2], right.shape[:-2]])
    shape = (*batch, left.shape[-2], right.shape[-2])
    length = left.shape[-1]
    dtype = floating(call, left, right)
    return given(shape, dtype, None) if length is None else worked(shape, dtype, 3 * length)


def correlate(call: Call, inputs: Inputs) -> Inferred:
    """One row moved over another."""
    left, right, dtype = _two(call, inputs)
    for x in (left, right):
        check_ranks(call, x.shape, (1,))
    one, other = left.shape[0], right.shape[0]
    if one is None or other is None:
        raise ShapeError(f"{call.name} needs to know both lengths: {show(left.shape)} and {show(right.shape)}")
    long, short = max(one, other), min(one, other)
    size = {"same": long, "full": one + other - 1}.get(str(call.argument("mode")), long - short + 1)
    return summed((size,), measured(dtype), short)
