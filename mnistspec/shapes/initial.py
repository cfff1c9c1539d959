"""Whether the first weights of a layer can be drawn: in its dtype, and in the shapes that they have."""

from __future__ import annotations

from mnistspec.calls import Call, Value
from mnistspec.shapes.base import Inferred, ShapeError
from mnistspec.shapes.dtypes import compute_dtype
from mnistspec.shapes.initial_axes import check_axes, plain
from mnistspec.shapes.initial_bounds import holds_no_whole_number, is_uniform

_NO_FLOATS = frozenset({"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "string"})
# Those of them, and further ones, that TensorFlow draws no uniform numbers in.
_NEVER_UNIFORM = _NO_FLOATS - {"int32", "int64"} | {"complex64", "complex128"}
# The arguments for weights that a layer has in any case.
_ALWAYS_DRAWN = (
    "kernel_initializer", "recurrent_initializer", "embeddings_initializer", "depthwise_initializer",
    "pointwise_initializer",
)  # fmt: skip
# Those that have no whole numbers to draw, whatever they are given; `variance_scaling` where it is not told `uniform`.
_NEVER_WHOLE = frozenset({
    "glorotnormal", "henormal", "lecunnormal", "normal", "orthogonal", "randomnormal", "truncatednormal",
    "variancescaling",
})  # fmt: skip


def check_drawn(call: Call, inferred: Inferred) -> None:
    """Raises: ShapeError for weights of whole numbers that begin at random, and for others that cannot be drawn."""
    check_axes(call, inferred)
    if "dtype" not in call.arguments:
        return
    dtype = call.argument("dtype")
    if dtype == "int8":
        message = f"`int8` does not say what {call.name} quantizes from"
        raise ShapeError(message, "dtype", "write `int8_from_float32`, or leave `dtype` out")
    if dtype == "bfloat16" and plain(call.argument("recurrent_initializer")) == "orthogonal":
        help = "use `mixed_bfloat16`, or another `recurrent_initializer` such as `glorot_uniform`"
        raise ShapeError(
            f"{call.name} begins with orthogonal matrices, which cannot be worked out in bfloat16", "dtype", help
        )
    _check_whole(call, compute_dtype(call), inferred)


def _check_whole(call: Call, dtype: str | None, inferred: Inferred) -> None:
    if dtype not in _NO_FLOATS | _NEVER_UNIFORM:
        return
    for name in _ALWAYS_DRAWN:
        if name in call.facts.arguments and _fails(call, call.argument(name), dtype, inferred):
            raise _no_numbers(call, "draws its first weights at random, which", dtype)
    if (
        dtype == "string"
        and (inferred.trainable or inferred.non_trainable)
        and "gamma_initializer" in call.facts.arguments
    ):
        raise _no_numbers(call, "begins with factors of one, which", dtype)


def _no_numbers(call: Call, does: str, dtype: str) -> ShapeError:
    help = "leave `dtype` out: it is that of the weights, and not of what the layer is given"
    return ShapeError(f"{call.name} {does} {dtype} has no numbers for", "dtype", help)


def _fails(call: Call, initializer: Value, dtype: str, inferred: Inferred) -> bool:
    if is_uniform(initializer):
        whole = dtype in _NO_FLOATS
        return dtype in _NEVER_UNIFORM or (whole and holds_no_whole_number(call, initializer, inferred))
    return plain(initializer) in _NEVER_WHOLE
