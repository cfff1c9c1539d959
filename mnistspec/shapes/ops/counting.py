"""Functions that count and look up: in which bin, in which segment, which are different."""

from __future__ import annotations

from mnistspec.calls import Call
from mnistspec.shapes.arguments import integers, items, whole, whole_or_none
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, show
from mnistspec.shapes.ops import work
from mnistspec.shapes.ops.given import array, check_least_rank, check_ranks, one_axis, outputs, symbolic
from mnistspec.shapes.ops.operands import given
from mnistspec.shapes.sizes import elements, scaled


def bincount(call: Call, inputs: Inputs) -> Inferred:
    """How often each number stands in a row; how many numbers there are, only the data says."""
    x = array(call, inputs, "x")
    return given((*x.shape[:-1], None), "int32", None)


def histogram(call: Call, inputs: Inputs) -> Inferred:
    """How many elements fall into each bin, and where the bins end."""
    x, bins, limits = array(call, inputs, "x"), whole(call, "bins"), items(call.argument("range"))
    if limits is not None and list(limits) != sorted(limits, key=_number):
        raise ShapeError(f"`range` of {call.name} must not end before it begins", "range")
    return outputs(((bins,), x.dtype), ((bins + 1,), x.dtype))


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0.0


def digitize(call: Call, inputs: Inputs) -> Inferred:
    """The number of the bin of each element."""
    x, bins = array(call, inputs, "x"), array(call, inputs, "bins")
    check_ranks(call, bins.shape, (0, 1))
    return given(x.shape, "int32", _lookups(x.shape, bins.shape))


def _lookups(values: Shape, row: Shape) -> int | None:
    """The comparisons for finding the place of each value in a sorted row."""
    length = row[0] if row else 1
    return None if length is None else scaled(elements(values), work.looking_up(length))


def searchsorted(call: Call, inputs: Inputs) -> Inferred:
    """Where each value would stand in a sorted row."""
    row, values = array(call, inputs, "sorted_sequence"), array(call, inputs, "values")
    check_ranks(call, row.shape, (1,))
    dtype = "int64" if row.shape[0] is None else "int32"
    return given(values.shape, dtype, _lookups(values.shape, row.shape))


def segments(call: Call, inputs: Inputs) -> Inferred:
    """Entries put together by their segments."""
    data, ids = symbolic(call, inputs, "data"), array(call, inputs, "segment_ids")
    check_ranks(call, ids.shape, (1,))
    check_least_rank(call, data.shape, 1)
    if None not in (ids.shape[0], data.shape[0]) and ids.shape[0] != data.shape[0]:
        raise ShapeError(f"{call.name} needs a segment for each entry: {show(ids.shape)} for {show(data.shape)}")
    return given((whole_or_none(call, "num_segments"), *data.shape[1:]), data.dtype, None)


def nonzero(call: Call, inputs: Inputs) -> Inferred:
    """Where elements are not zero: an index an axis."""
    x = array(call, inputs, "x")
    return outputs(*[((None,), "int32")] * x.rank)


def unravel_index(call: Call, inputs: Inputs) -> Inferred:
    """Places in a row as places in a shape: an index an axis."""
    x = array(call, inputs, "indices")
    return outputs(*[(x.shape, x.dtype)] * len(integers(call, "shape")))


def unique(call: Call, inputs: Inputs) -> Inferred:
    """The different entries, and of each where it is, where it went and how often it is, as asked for."""
    x, count = array(call, inputs, "x"), whole_or_none(call, "size")
    shape: Shape = (count,)
    back = x.shape
    if call.argument("axis") is not None:
        axis = one_axis(call, x.shape)
        shape, back = (*x.shape[:axis], count, *x.shape[axis + 1 :]), (x.shape[axis],)
    extra = {"return_index": (count,), "return_inverse": back, "return_counts": (count,)}
    return outputs((shape, x.dtype), *((of, "int32") for name, of in extra.items() if call.argument(name)))
