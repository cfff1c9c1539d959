"""The rules of the functions of `keras.ops`: one family a file, one line a family in the tables below."""

from __future__ import annotations

from dataclasses import replace

from mnistspec.shapes.base import UNKNOWN, Inferred, Inputs, Rule
from mnistspec.shapes.ops import arranging, elementwise, indexing, joining, neural, products, reductions
from mnistspec.spec import Call, is_complete


def _all(rule: Rule, names: str) -> dict[str, Rule]:
    """One rule for several functions."""
    return {f"ops.{name}": rule for name in names.split()}


FUNCTIONS: dict[str, Rule] = {
    # Element by element
    **_all(elementwise.unary(), """
        abs absolute bitwise_invert bitwise_not celu elu erf erfinv gelu hard_shrink hard_sigmoid hard_silu hard_tanh
        leaky_relu log_sigmoid nan_to_num negative relu relu6 round rsqrt selu sigmoid sign silu soft_shrink softplus
        softsign sparse_plus sparse_sigmoid squareplus tanh_shrink trunc
        """),
    **_all(elementwise.unary(each=0), "conj conjugate copy imag real stop_gradient tril triu"),
    **_all(elementwise.unary("float"), """
        angle arccos arccosh arcsin arcsinh arctan arctanh ceil cos cosh erfc exp exp2 expm1 fabs floor log log10 log1p
        log2 sin sinc sinh sqrt tan tanh
        """),
    **_all(elementwise.unary("bool"), "isfinite isinf isnan isneginf isposinf isreal logical_not signbit"),
    **_all(elementwise.along(5), "log_softmax softmax"),
    **_all(elementwise.along(0), "flip"),
    **_all(elementwise.of_rank(1), "flipud"),
    **_all(elementwise.of_rank(2), "fliplr"),
    **_all(elementwise.binary(), "add floor_divide fmax fmin maximum minimum multiply power subtract"),
    **_all(elementwise.binary("float"), "divide divide_no_nan logaddexp logaddexp2 true_divide"),
    **_all(elementwise.binary("counted"), "fmod mod"),
    **_all(elementwise.binary("bool"), """
        equal greater greater_equal less less_equal logical_and logical_or logical_xor not_equal
        """),
    "ops.cast": elementwise.cast,
    # Axes taken together
    **_all(reductions.reduction(), "amax amin max min"),
    **_all(reductions.reduction("float"), "mean std var"),
    **_all(reductions.reduction("sum"), "sum"),
    **_all(reductions.reduction("bool"), "all any"),
    **_all(reductions.reduction("int32"), "argmax argmin"),
    # Elements moved about
    "ops.broadcast_to": arranging.broadcast_to,
    "ops.expand_dims": arranging.expand_dims,
    "ops.get_item": indexing.get_item,
    "ops.ravel": arranging.ravel,
    "ops.repeat": arranging.repeat,
    "ops.reshape": arranging.reshape,
    "ops.slice": arranging.sliced,
    "ops.squeeze": arranging.squeeze,
    "ops.swapaxes": arranging.swapaxes,
    "ops.take": arranging.take,
    "ops.tile": arranging.tile,
    "ops.transpose": arranging.transpose,
    # Together and apart
    "ops.concatenate": joining.concatenate,
    "ops.split": joining.split,
    "ops.stack": joining.stack,
    "ops.unstack": joining.unstack,
    # Products
    "ops.einsum": products.einsum,
    "ops.matmul": products.matmul,
    # Neural networks
    "ops.glu": neural.glu,
    "ops.moments": neural.moments,
    "ops.one_hot": neural.one_hot,
    "ops.top_k": neural.top_k,
}  # fmt: skip
# What is known of a function that has no rule: it has no parameters.
_UNKNOWN = replace(UNKNOWN, trainable=0, non_trainable=0)


def infer_function(call: Call, inputs: Inputs) -> Inferred:
    """What a function gives for its tensors; unknown without a rule, and where a reported mistake hides something.

    Raises: ShapeError where Keras would refuse the arguments or the tensors.
    """
    rule = FUNCTIONS.get(call.name)
    return _UNKNOWN if rule is None or not is_complete(call) else rule(call, inputs)
