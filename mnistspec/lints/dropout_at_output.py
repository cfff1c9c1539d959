"""Dropout or noise on the output itself."""

from __future__ import annotations

from collections.abc import Sequence

from mnistspec.diagnostics import Diagnostic
from mnistspec.lints.links import users
from mnistspec.lints.outputs import Output
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph

_NOISE = frozenset(
    ["AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise",
     "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"]
)  # fmt: skip


def dropout_at_output(outputs: Sequence[Output], typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """The loss is then taken of answers thrown away at random, which no weight can better."""
    if not typed.graph.complete:
        return ()
    noisy = [output for output in outputs if output.loss is not None and _is_noise(output)]
    used = users(typed) if noisy else {}
    return tuple(
        Diagnostic("W512", f"`{output.name}` drops answers of the model at random", output.node.span,
                   "put it before the layer that gives the answer")
        for output in noisy
        if output.node is not None and not used[output.name]
    )  # fmt: skip


def _is_noise(output: Output) -> bool:
    call = output.node.call if output.node is not None else None
    if call is None or not call.complete or call.name not in _NOISE:
        return False
    # `call: {training: true}` asks for the noise, to see how far the answers vary.
    if output.node is not None and "training" in output.node.call_arguments:
        return False
    return call.argument("rate") != 0 and call.argument("stddev") != 0
