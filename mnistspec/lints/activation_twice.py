"""An activation on what has been through one already: `Dense: {activation: relu}`, then `ReLU`."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.calls import Call
from mnistspec.diagnostics import Diagnostic
from mnistspec.graph import GraphNode
from mnistspec.lints.activations import ACTIVATION_LAYERS, activation_of
from mnistspec.lints.links import pairs
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph

# Their results are never below 0, and these leave such values as they are.
_NONNEGATIVE = frozenset(["relu", "relu6", "sigmoid", "hard_sigmoid", "softmax", "softplus", "exponential"])
_KEEPING = frozenset(["relu", "leaky_relu", "elu", "celu", "prelu"])
# They bring values into 0..1; what is there already is squeezed together.
_SQUEEZING = frozenset(["sigmoid", "hard_sigmoid", "softmax"])


def activation_twice(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """The second one does nothing, or spoils what the first has made. Other pairs may be meant: nothing is said."""
    return tuple(
        found
        for first, second in pairs(typed, ACTIVATION_LAYERS)
        if second.call is not None and not _limits(second.call)
        for found in _of(first, second)
    )


def _of(first: GraphNode, second: GraphNode) -> Iterator[Diagnostic]:
    before, after = activation_of(first.call), activation_of(second.call)
    if before is None or after in (None, "linear"):
        return
    help = f"leave out `{second.name}`, or the activation of `{first.name}`"
    if after in _KEEPING and before in _NONNEGATIVE:
        message = f"`{second.name}` changes nothing: `{first.name}` has put its output through `{before}` already"
    elif after == before or (after in _SQUEEZING and before in _SQUEEZING):
        if _axis(first.call) != _axis(second.call):
            return
        message = f"`{second.name}` puts through `{after}` what `{first.name}` has put through `{before}` already"
    else:
        return
    yield Diagnostic("W510", message, second.span, help)


def _limits(call: Call) -> bool:
    """Whether a rectifier does more than cut off below 0: it has a highest value, or another threshold."""
    inner = call.argument("activation")
    given = inner if isinstance(inner, Call) else call
    return given.argument("max_value") is not None or bool(given.argument("threshold"))


def _axis(call: Call | None) -> object:
    """The axis of a softmax; -1 where there is no choice."""
    axis = call.argument("axis") if call is not None and call.name == "Softmax" else -1
    return -1 if axis is None else axis
