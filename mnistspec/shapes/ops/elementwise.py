"""Functions of one or two tensors, element by element, and those of one tensor that keep its shape."""

from __future__ import annotations

from functools import partial

from mnistspec.shapes.base import Inferred, Inputs, Rule, ShapeError, show
from mnistspec.shapes.ops.operands import axes_of, broadcast, operand, promoted, worked
from mnistspec.spec import Call


def unary(dtype: str = "same", each: int = 1) -> Rule:
    """One tensor to one of its shape. `dtype` is `same`, `float` (whole numbers become floats), or a dtype's name."""
    return partial(_unary, dtype, each)


def _unary(dtype: str, each: int, call: Call, inputs: Inputs) -> Inferred:
    x = operand(call, inputs, call.facts.first_argument)
    return worked(x.shape, _dtype(dtype, x.dtype, call), each)


def _dtype(rule: str, dtype: str | None, call: Call) -> str | None:
    if rule == "same":
        return promoted([dtype], call) if dtype in ("int", "float") else dtype
    return promoted([dtype, "float"], call) if rule == "float" else rule


def of_rank(rank: int) -> Rule:
    """One tensor of at least so many axes to one of its shape."""
    return partial(_of_rank, rank)


def _of_rank(rank: int, call: Call, inputs: Inputs) -> Inferred:
    x = operand(call, inputs, call.facts.first_argument)
    if x.shape is not None and len(x.shape) < rank:
        raise ShapeError(f"{call.name} needs at least {rank} axes, and is given {show(x.shape)}")
    return worked(x.shape, x.dtype, 0)


def along(each: int = 1) -> Rule:
    """One tensor to one of its shape, worked out along axes that it has to have."""
    return partial(_along, each)


def _along(each: int, call: Call, inputs: Inputs) -> Inferred:
    x = operand(call, inputs, call.facts.first_argument)
    if x.shape is not None and call.argument("axis") is not None:
        axes_of(call, x.shape, call.argument("axis"))
    return worked(x.shape, x.dtype, each)


def binary(dtype: str = "promoted") -> Rule:
    """Two tensors, broadcast, to one. `dtype` is `promoted`, `float`, `counted` (no booleans), or a dtype's name."""
    return partial(_binary, dtype)


def _binary(dtype: str, call: Call, inputs: Inputs) -> Inferred:
    pair = [operand(call, inputs, argument.name) for argument in call.facts.tensors]
    shapes = [one.shape for one in pair if one.shape is not None]
    shape = broadcast(call, shapes) if len(shapes) == len(pair) else None
    if dtype not in ("promoted", "float", "counted"):
        return worked(shape, dtype)
    found = promoted([*(one.dtype for one in pair), *(["float"] if dtype == "float" else [])], call)
    return worked(shape, "int32" if dtype == "counted" and found == "bool" else found)


def cast(call: Call, inputs: Inputs) -> Inferred:
    """A tensor in another dtype."""
    x = operand(call, inputs, "x")
    dtype = call.argument("dtype")
    return worked(x.shape, dtype if isinstance(dtype, str) else None, 0)
