"""The loss' `from_logits` against the activation that the output comes out of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mnistspec.diagnostics import Diagnostic, Fix
from mnistspec.lints.outputs import Output
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph

# Loss -> the activation whose result it takes as probabilities.
_PROBABILITIES = {
    "SparseCategoricalCrossentropy": "softmax",
    "CategoricalCrossentropy": "softmax",
    "CategoricalFocalCrossentropy": "softmax",
    "BinaryCrossentropy": "sigmoid",
    "BinaryFocalCrossentropy": "sigmoid",
}
_SQUASHING = frozenset(["softmax", "sigmoid"])
# Activations of which most results lie outside 0 to 1, or all in one half of it.
_NO_PROBABILITIES = frozenset([
    "celu", "elu", "exponential", "gelu", "hard_silu", "hard_swish", "hard_tanh", "leaky_relu", "log_sigmoid",
    "log_softmax", "mish", "prelu", "relu", "relu6", "selu", "silu", "softplus", "softsign", "swish", "tanh",
])  # fmt: skip


def logits(outputs: Sequence[Output], typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Keras trains such a model without a word, and badly."""
    return tuple(found for output in outputs for found in _of(output))


def _of(output: Output) -> Iterator[Diagnostic]:
    wanted = _PROBABILITIES.get(output.loss.name) if output.loss is not None else None
    activation = output.activation
    if output.loss is None or wanted is None or activation is None:
        return
    from_logits = output.from_logits
    if from_logits and activation in _SQUASHING:
        yield Diagnostic("W504", f"the loss takes logits, and `{output.name}` gives probabilities ({activation})",
                         output.loss.span_of("from_logits"), "leave `from_logits` out, or the activation",
                         fix=Fix(output.loss.span_of("from_logits"), "false"))  # fmt: skip
    if not from_logits and activation in _NO_PROBABILITIES:
        message = f"the loss takes probabilities, and `{output.name}` gives none ({activation})"
        yield Diagnostic("W504", message, output.loss_span, f"end `{output.name}` with `activation: {wanted}`")
    if not from_logits and activation == "linear":
        of_logits = f"{{{output.loss.name}: {{from_logits: true}}}}"
        replaceable = output.loss.bare is not None and output.loss_span is not None
        yield Diagnostic(
            "W504",
            f"the loss takes probabilities, and `{output.name}` gives logits (no activation)",
            output.loss_span,
            f"add `activation: {wanted}` to `{output.name}`, or write `{of_logits}`",
            fix=Fix(output.loss_span, of_logits) if replaceable and output.loss_span else None,
        )
