"""Functions along axes: orders, running sums, margins, turns; and other views of the same bytes."""

from __future__ import annotations

from functools import partial

from mnistspec.calls import Call, Value
from mnistspec.shapes.arguments import integers, is_whole, items, whole
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape, ShapeError, show
from mnistspec.shapes.broadcasting import broadcast
from mnistspec.shapes.ops import work
from mnistspec.shapes.ops.given import (
    array,
    check_least_rank,
    one_axis,
    stated_dtype,
)
from mnistspec.shapes.ops.operands import axes_of, given
from mnistspec.shapes.sizes import check_once, elements, product

# Bytes an element, by dtype.
_BYTES = {
    "bool": 1, "int8": 1, "uint8": 1, "bfloat16": 2, "float16": 2, "int16": 2, "uint16": 2, "float32": 4, "int32": 4,
    "uint32": 4, "complex64": 8, "float64": 8, "int64": 8, "uint64": 8, "complex128": 16,
}  # fmt: skip


def _along(call: Call, shape: Shape) -> Shape:
    """The shape itself, or all elements in a row where `axis` is null. Raises: ShapeError for an axis it lacks."""
    if call.argument("axis") is None:
        return (product(shape),)
    one_axis(call, shape)
    return shape


def sort(call: Call, inputs: Inputs) -> Inferred:
    """The elements in order along an axis."""
    x = array(call, inputs, "x")
    return given(_along(call, x.shape), x.dtype, _sorting(call, x.shape))


def argsort(call: Call, inputs: Inputs) -> Inferred:
    """Where the elements stand in their order along an axis."""
    x = array(call, inputs, "x")
    return given(_along(call, x.shape), "int32", _sorting(call, x.shape))


def _sorting(call: Call, shape: Shape) -> int | None:
    """The comparisons for putting each row in order; None where examples are put in order among each other."""
    axis = call.argument("axis")
    return work.of_rows(shape, axis % len(shape), work.sorting) if isinstance(axis, int) else None


def argpartition(call: Call, inputs: Inputs) -> Inferred:
    """Where the elements stand, the smaller ones first; Keras does not look at the axis."""
    return given(array(call, inputs, "x").shape, "int32", None)


def running(checks_axis: bool) -> Rule:
    """Running sums and products along an axis, or of all elements in a row."""
    return partial(_running, checks_axis)


def _running(checks_axis: bool, call: Call, inputs: Inputs) -> Inferred:
    x = array(call, inputs, "x")
    shape = _along(call, x.shape) if checks_axis or call.argument("axis") is None else x.shape
    dtype = stated_dtype(call, x.dtype)
    return given(shape, "int32" if dtype == "bool" else dtype, elements(x.shape))


def diff(call: Call, inputs: Inputs) -> Inferred:
    """The differences of neighbours along an axis, `n` times over."""
    x = array(call, inputs, "a")
    axis = one_axis(call, x.shape)
    size = x.shape[axis]
    left = None if size is None else max(size - whole(call, "n"), 0)
    return given((*x.shape[:axis], left, *x.shape[axis + 1 :]), x.dtype, None)


def roll(call: Call, inputs: Inputs) -> Inferred:
    """The elements moved along axes, those that fall out let in at the other end."""
    x = array(call, inputs, "x")
    if call.argument("axis") is not None:
        axes_of(call, x.shape, call.argument("axis"))
    return given(x.shape, x.dtype)


def rot90(call: Call, inputs: Inputs) -> Inferred:
    """A tensor turned in the plane of two axes; Keras says it has turned an odd number of times, whatever `k` is."""
    x, axes = array(call, inputs, "array"), items(call.argument("axes")) or ()
    check_least_rank(call, x.shape, 2)
    if len(axes) != 2 or axes[0] == axes[1]:
        raise ShapeError(f"`axes` of {call.name} must be two different axes", "axes")
    one, other = axes_of(call, x.shape, axes, "axes")
    check_once(call, x.shape, (one, other), "axes")
    sizes = list(x.shape)
    sizes[one], sizes[other] = sizes[other], sizes[one]
    return given(tuple(sizes), x.dtype)


def moveaxis(call: Call, inputs: Inputs) -> Inferred:
    """Axes at other places, the others in their order around them."""
    x = array(call, inputs, "x")
    source, destination = integers(call, "source"), integers(call, "destination")
    if len(source) != len(destination):
        raise ShapeError(f"{call.name} needs as many axes in `destination` as in `source`", "destination")
    old, new = axes_of(call, x.shape, source, "source"), axes_of(call, x.shape, destination, "destination")
    check_once(call, x.shape, old, "source")
    check_once(call, x.shape, new, "destination")
    moved = dict(zip(new, old, strict=True))
    rest = iter(place for place in range(x.rank) if place not in old)
    order = [moved[place] if place in moved else next(rest) for place in range(x.rank)]
    return given(tuple(x.shape[place] for place in order), x.dtype)


def pad(call: Call, inputs: Inputs) -> Inferred:
    """A tensor with margins: one for all sides, a pair for all axes, or a pair for each."""
    x = array(call, inputs, "x")
    written = _margins(call.argument("pad_width"))
    if len(written) not in (1, x.rank) or not written or any(items(pair) is None for pair in written):
        raise ShapeError(f"`pad_width` of {call.name} has {len(written)} pairs for {show(x.shape)}", "pad_width")
    pairs = zip(x.shape, written * x.rank if len(written) == 1 else written, strict=True)
    return given(tuple(None if size is None else size + _margin(call, pair) for size, pair in pairs), x.dtype)


def _margins(value: Value) -> list[Value]:
    """The pairs as Keras reads them: a number is a pair of it, a list that begins with a number is one pair."""
    if is_whole(value):
        return [(value, value)]
    listed = items(value) or ()
    return [listed] if listed and is_whole(listed[0]) else list(listed)


def _margin(call: Call, pair: Value) -> int:
    sizes = [size for size in (items(pair) or ())[:2] if isinstance(size, int) and is_whole(size)]
    if len(sizes) != 2:
        raise ShapeError(f"`pad_width` of {call.name} must be an integer, a pair, or a list of pairs", "pad_width")
    return sum(sizes)


def take_along_axis(call: Call, inputs: Inputs) -> Inferred:
    """The entries that `indices` name along an axis, of all elements in a row where it is null."""
    x, indices = array(call, inputs, "x"), array(call, inputs, "indices")
    flat = call.argument("axis") is None
    shape = (product(x.shape),) if flat else x.shape
    if len(shape) != indices.rank:
        axes = "one axis" if flat else f"{len(shape)} axes"
        message = f"`indices` of {call.name} must have {axes}, and is {show(indices.shape)}"
        raise ShapeError(message, help="say along which axis: `axis: ...`" if flat else None)
    axis = 0 if flat else one_axis(call, shape)
    return given(broadcast(call, [(*shape[:axis], indices.shape[axis], *shape[axis + 1 :]), indices.shape]), x.dtype)


def view(call: Call, inputs: Inputs) -> Inferred:
    """The same bytes as elements of another dtype."""
    x = array(call, inputs, "x")
    dtype = stated_dtype(call, x.dtype)
    before, after = _BYTES.get(x.dtype or ""), _BYTES.get(dtype or "")
    if before is None or after is None:
        return given(None, dtype)
    if before == after:
        return given(x.shape, dtype)
    check_least_rank(call, x.shape, 1)
    size = x.shape[-1]
    if size is not None and size * before % after:
        raise ShapeError(f"{size} elements of {x.dtype} are no whole number of {dtype}", "dtype")
    return given((*x.shape[:-1], None if size is None else size * before // after), dtype)


def view_as_complex(call: Call, inputs: Inputs) -> Inferred:
    """Pairs in the last axis as complex numbers."""
    return given(array(call, inputs, "x").shape[:-1], "complex64")


def view_as_real(call: Call, inputs: Inputs) -> Inferred:
    """Complex numbers as pairs in a last axis."""
    return given((*array(call, inputs, "x").shape, 2), "float32")
