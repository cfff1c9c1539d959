"""Functions of one or two tensors, element by element, and those of one tensor that keep its shape."""

from __future__ import annotations

from functools import partial

from mnistspec.calls import Call
from mnistspec.shapes.arguments import integers
from mnistspec.shapes.base import Inferred, Inputs, Rule, ShapeError, show
from mnistspec.shapes.broadcasting import broadcast
from mnistspec.shapes.ops.given import (
    array,
    is_number,
    is_omitted,
    known,
    measured,
    stated_dtype,
)
from mnistspec.shapes.ops.operands import axes_of, given, operand, promoted, worked
from mnistspec.shapes.ops.pairs import typed
from mnistspec.shapes.sizes import check_once
from mnistspec.shapes.text import refuse_text


def unary(dtype: str = "same", each: int = 1) -> Rule:
    """One tensor to one of its shape. `dtype`: `same`, `float`, `measured`, `counted`, or a dtype's name."""
    return partial(_unary, dtype, each)


def _unary(dtype: str, each: int, call: Call, inputs: Inputs) -> Inferred:
    x = operand(call, inputs, call.facts.first_argument)
    return worked(x.shape, _dtype(dtype, x.dtype, call), each)


def _dtype(rule: str, dtype: str | None, call: Call) -> str | None:
    if rule == "same":
        return promoted([dtype], call) if dtype in ("int", "float") else dtype
    if rule == "measured":
        return measured(dtype)
    if rule == "counted":
        return "int32" if dtype == "bool" else dtype
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
        check_once(call, x.shape, axes_of(call, x.shape, call.argument("axis")))
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


def signed(rule: Rule) -> Rule:
    """A rule for a function that turns signs around, which booleans do not have: TensorFlow, JAX and PyTorch refuse."""
    return partial(_signed, rule)


def _signed(rule: Rule, call: Call, inputs: Inputs) -> Inferred:
    dtypes = {operand(call, inputs, argument.name).dtype for argument in call.facts.tensors}
    if dtypes == {"bool"}:
        help = "use ops.cast before it, or ops.logical_not and ops.logical_xor in its place"
        raise ShapeError(f"{call.name} does not take booleans", help=help)
    return rule(call, inputs)


def cast(call: Call, inputs: Inputs) -> Inferred:
    """A tensor in another dtype."""
    x, dtype = operand(call, inputs, "x"), stated_dtype(call, None)
    if x.dtype == "string" != dtype:
        raise refuse_text(call)
    return worked(x.shape, dtype, 0)


def saturate_cast(call: Call, inputs: Inputs) -> Inferred:
    """A tensor in another dtype, kept to what that can hold."""
    return worked(array(call, inputs, "x").shape, stated_dtype(call, None), 1)


def widened(call: Call, inputs: Inputs) -> Inferred:
    """Two tensors, no numbers as such, broadcast to one; whole numbers become floats, booleans stay."""
    one, other = (array(call, inputs, argument.name) for argument in call.facts.tensors)
    dtype = promoted([one.dtype, other.dtype], call)
    return worked(broadcast(call, [one.shape, other.shape]), dtype if dtype == "bool" else measured(dtype))


def of_types(last: str | None = None) -> Rule:
    """Two tensors, broadcast to one; a number as such has the dtype of its type. `last` joins the dtypes."""
    return partial(_of_types, last)


def _of_types(last: str | None, call: Call, inputs: Inputs) -> Inferred:
    one, other = (known(call, inputs, argument.name) for argument in call.facts.tensors)
    return worked(broadcast(call, [one.shape, other.shape]), typed(call, one, other, last=last))


def arctan2(call: Call, inputs: Inputs) -> Inferred:
    """The angles of points; a number as such is a float."""
    pair = [known(call, inputs, name) for name in ("x1", "x2")]
    dtypes = [
        "float32" if is_number(call, inputs, name) else one.dtype for name, one in zip(("x1", "x2"), pair, strict=True)
    ]
    return worked(broadcast(call, [one.shape for one in pair]), promoted([*dtypes, "float"], call))


def bitwise(call: Call, inputs: Inputs) -> Inferred:
    """Two tensors, bit by bit, in the shape that Keras says: the first one's."""
    x, y = array(call, inputs, "x"), array(call, inputs, "y")
    return worked(x.shape, promoted([x.dtype, y.dtype], call))


def shift(call: Call, inputs: Inputs) -> Inferred:
    """Bits moved by so many places, in the first one's shape; a whole number as such leaves the dtype."""
    x, y = array(call, inputs, "x"), known(call, inputs, "y")
    if is_number(call, inputs, "y"):
        if y.dtype == "float":
            raise ShapeError(f"`y` of {call.name} must be a tensor or a whole number", "y")
        return worked(x.shape, x.dtype)
    return worked(x.shape, promoted([x.dtype, y.dtype], call))


def where(call: Call, inputs: Inputs) -> Inferred:
    """One where a condition holds, the other where not. Raises: ShapeError where only one of them is given."""
    left_out = [is_omitted(call, inputs, name) for name in ("x1", "x2")]
    if any(left_out) and not all(left_out):
        raise ShapeError(f"{call.name} takes both `x1` and `x2`, or none of them")
    condition = known(call, inputs, "condition")
    if all(left_out):
        return worked(condition.shape, "int64")
    one, other = known(call, inputs, "x1"), known(call, inputs, "x2")
    return worked(broadcast(call, [condition.shape, one.shape, other.shape]), promoted([one.dtype, other.dtype], call))


def select(call: Call, inputs: Inputs) -> Inferred:
    """The first choice whose condition holds; Keras looks at nothing but the first choice."""
    chosen = inputs.named["choicelist"]
    first = chosen[0] if isinstance(chosen, tuple) else chosen
    return given(first.shape, first.dtype, None)


def isin(call: Call, inputs: Inputs) -> Inferred:
    """Whether each element is among others."""
    return given(array(call, inputs, "x1").shape, "bool", None)


def allclose(call: Call, inputs: Inputs) -> Inferred:
    """Whether all elements are near each other: one boolean."""
    return given((), "bool", None)


def updated(call: Call, inputs: Inputs) -> Inferred:
    """A tensor with some of its elements replaced."""
    x = array(call, inputs, "inputs")
    return given(x.shape, x.dtype)


def scatter(call: Call, inputs: Inputs) -> Inferred:
    """Values at their places in a tensor of zeros."""
    shape, values = integers(call, "shape"), array(call, inputs, "values")
    if min(shape, default=0) < 0:
        raise ShapeError(f"`shape` of {call.name} must say every size", "shape")
    return given(shape, values.dtype)


def polar(call: Call, inputs: Inputs) -> Inferred:
    """Lengths and angles to complex numbers, which Keras says are floats."""
    return worked(array(call, inputs, "abs_").shape, "float32", 4)
