"""The weights of layers whose `dtype` is a quantized policy, such as `int8_from_float32`.

A kernel of `rows` and `columns` becomes small integers, two to a byte at four bits, with a scale for each unit; both
are non-trainable. An 8-bit float keeps the kernel and adds, for the input, the kernel and the gradient, a scale and a
history of the largest values.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from mnistspec.calls import Call
from mnistspec.shapes.arguments import flag, whole
from mnistspec.shapes.base import Inferred, Inputs, ShapeError
from mnistspec.shapes.dense import einsum_kernel
from mnistspec.shapes.dtypes import quantization

# Trainable and non-trainable parameters; None: not known.
Counts = tuple[int | None, int | None]
_UNKNOWN: Counts = (None, None)

# Three scales, each with the 1024 values last seen.
_FLOAT8 = 3 * (1 + 1024)


def quantized_counts(call: Call, inputs: Inputs, inferred: Inferred) -> Counts:
    """The parameters under its quantized policy of a layer that has those in `inferred` without it.

    Raises: ShapeError for a policy that the layer has no form for.
    """
    counts, rule = (inferred.trainable, inferred.non_trainable), _RULES.get(call.name)
    if rule is None:
        return _UNKNOWN if call.name in _MADE_OF_DENSE else counts
    if call.argument("quantization_config") is not None or None in counts:
        return _UNKNOWN
    return rule(call, str(quantization(call)), inputs, inferred)


def _dense(call: Call, mode: str, inputs: Inputs, inferred: Inferred) -> Counts:
    shape, units = inputs.first.shape, whole(call, "units")
    if shape is None or shape[-1] is None:
        return _UNKNOWN
    return _kernel(call, mode, (shape[-1], units), inferred)


def _einsum_dense(call: Call, mode: str, inputs: Inputs, inferred: Inferred) -> Counts:
    """As Dense where the kernel has two axes, of which the last is that of the units."""
    shape, equation = inputs.first.shape, str(call.argument("equation"))
    kernel, _, output = equation.partition(",")[2].partition("->")
    plain = "..." not in equation and len(kernel) == 2 and kernel[0] not in output and kernel[1] in output
    return _kernel(call, mode, einsum_kernel(call, shape), inferred) if plain and shape is not None else _UNKNOWN


def _kernel(call: Call, mode: str, kernel: tuple[int, ...], inferred: Inferred) -> Counts:
    trainable, fixed = inferred.trainable or 0, inferred.non_trainable or 0
    if mode == "float8":
        return trainable + _FLOAT8, fixed
    free = trainable if fixed else trainable - prod(kernel)
    return (free, kernel[0] * _COLUMNS[mode](kernel[1]) + kernel[1]) if mode in _COLUMNS else _UNKNOWN


def _table(call: Call, mode: str, inputs: Inputs, inferred: Inferred) -> Counts:
    """An embedding's rows, each with a scale; one that is not tied has them once more for the way back."""
    if mode not in _COLUMNS:
        listed = " or ".join(f"`{known}_from_...`" for known in _COLUMNS)
        raise ShapeError(f"{call.name} cannot be quantized to {mode}", "dtype", f"write {listed}")
    rows, columns = whole(call, "input_dim"), whole(call, "output_dim")
    twice = 2 if "tie_weights" in call.facts.arguments and not flag(call, "tie_weights") else 1
    free = (inferred.trainable or 0) if inferred.non_trainable else 0
    return free, twice * rows * (_COLUMNS[mode](columns) + 1)


# How many bytes hold so many columns.
_COLUMNS: dict[str, Callable[[int], int]] = {"int8": lambda columns: columns, "int4": lambda columns: -(-columns // 2)}

_RULES: dict[str, Callable[[Call, str, Inputs, Inferred], Counts]] = {
    "Dense": _dense,
    "EinsumDense": _einsum_dense,
    "Embedding": _table,
    "ReversibleEmbedding": _table,
}
# Layers that hold dense layers of their own dtype.
_MADE_OF_DENSE = frozenset({"GroupQueryAttention", "MultiHeadAttention"})
