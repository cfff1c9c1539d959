"""Activations that cannot give what is wanted: a softmax of one value, a sigmoid where one class is to win."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mnistspec.diagnostics import Diagnostic, Fix
from mnistspec.graph import GraphNode
from mnistspec.lints.activations import activation_of
from mnistspec.lints.loss_mismatch import CATEGORICAL, fits_loss
from mnistspec.lints.outputs import Output, picked_by_shape
from mnistspec.source import Span
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph


def activation_mismatch(outputs: Sequence[Output], typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """A softmax of one value is 1 whatever the weights; sigmoids are no distribution over classes."""
    # An output of the wrong size is one mistake, and has been told.
    wrong_size = {output.name for output in outputs if not fits_loss(output)}
    alone = (each for node in typed.used if node.name not in wrong_size for each in _alone(typed, node))
    return (*alone, *(each for output in outputs for each in _sigmoids(output)))


def _alone(typed: TypedGraph, node: GraphNode) -> Iterator[Diagnostic]:
    shape = typed.inferred[node.name].outputs[0].shape
    if node.call is None or not shape or 1 not in shape or activation_of(node.call) != "softmax":
        return
    axis = node.call.argument("axis") if node.call.name == "Softmax" else -1
    if isinstance(axis, int) and -len(shape) <= axis < len(shape) and shape[axis] == 1:
        message = f"the softmax of `{node.name}` is over a single value, which it makes 1 whatever the weights"
        help = "use `sigmoid` for a yes or no, or give the layer a unit for each class"
        yield Diagnostic("W513", message, node.call.span_of("activation"), help, fix=_fix(node, "sigmoid"))


def _sigmoids(output: Output) -> Iterator[Diagnostic]:
    loss, size = output.loss, output.size
    if loss is None or loss.name not in CATEGORICAL or picked_by_shape(loss) or size is None or size < 2:
        return
    # With `from_logits: true` the loss and the activation do not fit whichever it is, and that is told.
    if output.node is None or output.node.call is None or output.activation != "sigmoid" or output.from_logits:
        return
    message = f"`{output.name}` gives {size} sigmoids, and its loss compares one distribution over the classes"
    help = "use `softmax` where one class is right, or `binary_crossentropy` where several may be"
    yield Diagnostic("W513", message, _place(output.node), help, fix=_fix(output.node, "softmax"))


def _place(node: GraphNode) -> Span:
    return node.call.span_of("activation") if node.call is not None else node.span


def _fix(node: GraphNode, activation: str) -> Fix | None:
    """Another activation, where it was written as a word."""
    call = node.call
    word = (
        call is not None and (value := call.argument("activation")) is not None and not getattr(value, "arguments", 0)
    )
    return (
        Fix(call.spans["activation"], activation) if call is not None and word and "activation" in call.spans else None
    )
