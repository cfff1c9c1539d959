"""Categories and bins: integers, strings or intervals to indices or to rows of ones and counts."""

from __future__ import annotations

from mnistspec.calls import Call
from mnistspec.shapes.arguments import items, whole, whole_or_none, word
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Tensor, show
from mnistspec.shapes.dtypes import compute_dtype
from mnistspec.shapes.results import only, weightless

# Policies under which Hashing, which computes nothing, gives the dtype that weights would have.
_MIXED = ("mixed_float16", "mixed_bfloat16")


def check_sparse(call: Call) -> None:
    """Raises: ShapeError for sparse indices, which only rows of ones and counts can be."""
    if call.argument("sparse") and call.argument("output_mode") == "int":
        raise ShapeError("`sparse` needs another `output_mode` than `int`", "sparse")


def encoded(shape: Shape, mode: str, depth: int | None) -> Shape:
    """The shape of rows of `depth`: one a category (`one_hot`, a last size of 1 gives way), or one an example."""
    if mode == "one_hot" and not (len(shape) > 1 and shape[-1] == 1):
        return (*shape, depth)
    return (*shape[:-1], depth)


def category_encoding(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, ...)` of integers to rows of `num_tokens`."""
    depth, mode = whole(call, "num_tokens"), word(call, "output_mode", ("multi_hot", "one_hot", "count", "binary"))
    if "count_weights" in inputs.named and mode != "count":
        raise ShapeError("weights of counts need `output_mode: count`", "output_mode")
    shape = only(call, inputs).shape
    return weightless(call, None if shape is None else encoded(shape, mode, depth))


def discretization(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, ...)` of numbers to the index of the bin that each falls in, or to rows of as many as there are bins."""
    depth, mode = _bins(call), word(call, "output_mode", ("int", "one_hot", "multi_hot", "count"))
    check_sparse(call)
    dtype = "int32" if mode == "int" else compute_dtype(call)
    shape = only(call, inputs).shape
    output = shape if shape is None or mode == "int" else _binned(shape, mode, depth)
    return Inferred((Tensor(output, dtype),), 0, 0, None)


def _bins(call: Call) -> int:
    boundaries, count = items(call.argument("bin_boundaries")), whole_or_none(call, "num_bins", 0)
    if (boundaries is None) == (count is None):
        both = "not both" if count is not None else "one of them"
        raise ShapeError(f"Discretization takes `bin_boundaries` or `num_bins`, {both}", "num_bins")
    return count if count is not None else len(boundaries or ()) + 1


def _binned(shape: Shape, mode: str, depth: int) -> Shape:
    if mode == "one_hot":
        return encoded(shape, mode, depth)
    return (shape[0], *shape[2:], depth) if len(shape) > 1 else (depth,)


def hashing(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, ...)` of integers or strings to one of `num_bins` by a hash, or to rows of `num_bins`."""
    depth, mode = whole(call, "num_bins"), word(call, "output_mode", ("int", "one_hot", "multi_hot", "count"))
    check_sparse(call)
    dtype = "float32" if call.argument("dtype") in _MIXED else _hash_dtype(call)
    if mode == "int" and dtype not in ("int32", "int64"):
        raise ShapeError("the indices that Hashing gives are `int32` or `int64`", "dtype", "or set `output_mode`")
    shape = only(call, inputs).shape
    output = shape if shape is None or mode == "int" else (*shape[:-1], depth)
    return Inferred((Tensor(output, dtype),), 0, 0, None)


def _hash_dtype(call: Call) -> str | None:
    if call.argument("dtype") is None and call.argument("output_mode") == "int":
        return "int64"
    return compute_dtype(call)


def hashed_crossing(call: Call, inputs: Inputs) -> Inferred:
    """Two inputs of integers or strings to one of `num_bins` by a hash of both, or to rows of `num_bins`."""
    depth, mode = whole(call, "num_bins"), word(call, "output_mode", ("int", "one_hot"))
    if inputs.single or len(inputs.tensors) != 2:
        raise ShapeError("HashedCrossing takes a list of two inputs", help="write `from: [NODE, ...]`")
    left, right = (tensor.shape for tensor in inputs.tensors)
    output = None
    if left is not None and right is not None:
        if not left or not right or left[-1] != right[-1]:
            raise ShapeError(f"HashedCrossing needs inputs of one shape, and is given {show(left)} and {show(right)}")
        output = left if mode == "int" else _crossed(left, depth)
    return Inferred((Tensor(output, _hash_dtype(call)),), 0, 0, None)


def _crossed(shape: Shape, depth: int) -> Shape:
    return (*shape[:-1], depth) if shape[-1] == 1 else (*shape, depth)
