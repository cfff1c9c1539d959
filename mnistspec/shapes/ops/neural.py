"""Functions of neural networks: codes of classes, gates, normalization and attention."""

from __future__ import annotations

from mnistspec.calls import Call
from mnistspec.shapes.arguments import integers, whole, whole_or_none
from mnistspec.shapes.base import Inferred, Inputs, ShapeError, Size, Tensor, show
from mnistspec.shapes.ops.given import array, check_least_rank, one_axis, optional, stated_dtype
from mnistspec.shapes.ops.operands import axes_of, given, operand, promoted, worked
from mnistspec.shapes.ops.reductions import reduced
from mnistspec.shapes.sizes import check_once


def one_hot(call: Call, inputs: Inputs) -> Inferred:
    """Each class id as a row of `num_classes` with a single 1, along a new axis."""
    x = operand(call, inputs, "x")
    named, classes = stated_dtype(call, "float32"), whole(call, "num_classes")
    if x.shape is None:
        return given(None, named)
    axis = call.argument("axis")
    if not isinstance(axis, int) or not -1 <= axis < max(len(x.shape), 0):
        raise ShapeError(f"`axis` of {call.name} is -1, or an axis of {show(x.shape)}", "axis")
    axis = len(x.shape) if axis == -1 else axis
    return given((*x.shape[:axis], classes, *x.shape[axis:]), named)


def glu(call: Call, inputs: Inputs) -> Inferred:
    """One half of a tensor, each element times the sigmoid of the other half's."""
    x = operand(call, inputs, "x")
    if x.shape is None:
        return given(None, x.dtype)
    (axis,) = axes_of(call, x.shape, call.argument("axis"))
    size = x.shape[axis]
    if size is None:
        return given(x.shape, x.dtype, None)
    if size % 2:
        raise ShapeError(f"{call.name} halves axis {axis} of {show(x.shape)}, which is odd", "axis")
    return worked((*x.shape[:axis], size // 2, *x.shape[axis + 1 :]), x.dtype, 2)


def moments(call: Call, inputs: Inputs) -> Inferred:
    """The mean and the variance over axes."""
    x = operand(call, inputs, "x")
    tensor = Tensor(None if x.shape is None else reduced(call, x.shape, "axes"), x.dtype)
    return Inferred((tensor, tensor), 0, 0, None)


def top_k(call: Call, inputs: Inputs) -> Inferred:
    """The largest values along the last axis, and where they stand."""
    x, count = operand(call, inputs, "x"), whole(call, "k")
    if x.shape is not None:
        check_least_rank(call, x.shape, 1)
        _check_enough(call, x.shape[-1], count)
    shape = None if x.shape is None else (*x.shape[:-1], count)
    return Inferred((Tensor(shape, x.dtype), Tensor(shape, "int32")), 0, 0, None)


def _check_enough(call: Call, size: Size, count: int) -> None:
    if size is not None and count > size:
        raise ShapeError(f"{call.name} takes the {count} largest of a last axis of {size}", "k")


def multi_hot(call: Call, inputs: Inputs) -> Inferred:
    """The class ids of each row as one row of `num_classes`, in the dtype of the ids."""
    x, classes, axis = array(call, inputs, "inputs"), whole_or_none(call, "num_classes"), call.argument("axis")
    stated_dtype(call, None)
    if classes is None:
        raise ShapeError(f"{call.name} needs `num_classes`", "num_classes")
    if not isinstance(axis, int) or not -1 <= axis < x.rank:
        raise ShapeError(f"`axis` of {call.name} is -1, or an axis of {show(x.shape)}", "axis")
    place = x.rank if axis == -1 else axis
    shape = (*x.shape[:place], classes, *x.shape[place:])
    return given(shape[-1:] if len(shape) == 2 else (*shape[:1], *shape[2:]), x.dtype)


def normalize(call: Call, inputs: Inputs) -> Inferred:
    """A tensor divided by its norm along axes, as Keras' default float."""
    x = array(call, inputs, "x")
    if call.argument("axis") is not None:
        check_once(call, x.shape, axes_of(call, x.shape, call.argument("axis")))
    return worked(x.shape, "float32", 4)


def normalization(call: Call, inputs: Inputs) -> Inferred:
    """A tensor by its own mean or spread; Keras looks at nothing but its shape."""
    x = array(call, inputs, "x")
    axes = () if call.argument("axis") is None else integers(call, "axis")
    if all(-x.rank <= axis < x.rank for axis in axes):
        check_once(call, x.shape, axes)
    return worked(x.shape, x.dtype, 5)


def batch_normalization(call: Call, inputs: Inputs) -> Inferred:
    """A tensor by a mean and a variance for each entry of an axis, stretched and moved."""
    x = array(call, inputs, "x")
    wanted = (x.shape[one_axis(call, x.shape)],)
    given_to = {name: optional(call, inputs, name) for name in ("mean", "variance", "offset", "scale")}
    if given_to["offset"] is not None and given_to["scale"] is None:
        raise ShapeError(f"{call.name} with `offset` needs `scale` as well", "offset")
    for name, vector in given_to.items():
        if vector is not None and vector.shape != wanted:
            raise ShapeError(f"`{name}` of {call.name} must be {show(wanted)}, not {show(vector.shape)}")
    return worked(x.shape, x.dtype, 4)


def dot_product_attention(call: Call, inputs: Inputs) -> Inferred:
    """Queries `(batch, places, heads, size)` to mixtures of values; Keras looks at nothing but the queries' shape."""
    query, key, value = (array(call, inputs, name) for name in ("query", "key", "value"))
    if call.argument("attn_logits_soft_cap") is not None:
        message = f"`attn_logits_soft_cap` of {call.name} works on TPUs alone"
        raise ShapeError(message, "attn_logits_soft_cap", "leave it out")
    dtype = promoted([query.dtype, key.dtype, value.dtype], call)
    places = key.shape[1] if key.rank == 4 else None
    return worked(query.shape, dtype, 4 * places) if places is not None else given(query.shape, dtype, None)
