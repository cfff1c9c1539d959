"""Whether an initializer can fill a weight of so many axes: some of them make matrices and nothing else."""

from __future__ import annotations

import re

from mnistspec.calls import Call, Value
from mnistspec.shapes.arguments import items
from mnistspec.shapes.base import Inferred, ShapeError

# The initializers of matrices, with the most axes that each can fill; the least are two.
_MOST = {"orthogonal": None, "identity": 2}
# The weights that have one axis, and the argument that says whether they are there.
_VECTORS = {"bias": "use_bias", "beta": "center", "gamma": "scale", "moving_mean": None, "moving_variance": None}
_CONVOLUTION = re.compile(r"\w*Conv(?:LSTM)?(\d)D")
_ATTENTION = frozenset({"GroupQueryAttention", "MultiHeadAttention"})


def check_axes(call: Call, inferred: Inferred) -> None:
    """Raises: ShapeError for a vector that is to begin as a matrix, and for a kernel of a convolution likewise."""
    for name, value in call.arguments.items():
        if name.endswith("_initializer") and plain(value) in _MOST:
            _check(call, name, plain(value), inferred)


def plain(initializer: Value) -> str:
    """The name of an initializer in small letters, however it is spelled."""
    name = initializer.name if isinstance(initializer, Call) else str(initializer)
    return name.replace("_", "").lower().removesuffix("initializer")


def _check(call: Call, name: str, initializer: str, inferred: Inferred) -> None:
    weight, most = name.removesuffix("_initializer"), _MOST[initializer]
    axes = _axes(call, weight, inferred)
    if axes is None or (axes >= 2 and (most is None or axes <= most)):
        return
    made = "matrices of two axes" if most == 2 else "matrices"
    number = "one axis" if axes == 1 else f"{axes} axes"
    message = f"`{initializer}` makes {made}, and the weight `{weight}` of {call.name} has {number}"
    default = call.facts.arguments[name].default
    raise ShapeError(message, name, f"leave it out, and {call.name} begins with `{default}`")


def _axes(call: Call, weight: str, inferred: Inferred) -> int | None:
    """How many axes a weight has; None where that is not known, or the layer is told to do without it."""
    made = _VECTORS.get(weight)
    if made is not None and made in call.facts.arguments and call.argument(made) is False:
        return None
    if call.name == "EinsumDense":
        return _einsum_axes(str(call.argument("equation")), weight, call.argument("bias_axes"))
    if call.name == "PReLU":
        shape = inferred.outputs[0].shape
        return None if shape is None else len(shape) - 1
    if weight in _VECTORS:
        return _vector_axes(call, weight)
    convolution = _CONVOLUTION.match(call.name)
    if convolution is not None:
        return int(convolution[1]) + 2
    return 3 if call.name in _ATTENTION else 2


def _vector_axes(call: Call, weight: str) -> int:
    """One, but for layers that bring together what others have side by side."""
    if call.name in ("GRU", "GRUCell"):
        return 1 if call.argument("reset_after") is False else 2
    spread = {"LayerNormalization": "axis", "MultiHeadAttention": "output_shape"}.get(call.name)
    listed = items(call.argument(spread)) if spread is not None else None
    return 1 if listed is None else len(listed)


def _einsum_axes(equation: str, weight: str, bias_axes: Value) -> int | None:
    terms, _, output = equation.replace(" ", "").partition("->")
    if weight == "kernel":
        return len(terms.partition(",")[2])
    return 1 if bias_axes == output[-1:] else None
