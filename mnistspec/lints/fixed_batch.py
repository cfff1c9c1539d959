"""A constant joined to a batch: what is joined is not stretched, and fits batches of one size alone."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.calls import Call, Value
from mnistspec.diagnostics import Diagnostic
from mnistspec.graph import GraphNode
from mnistspec.graph.parts import all_given
from mnistspec.shapes.base import Shape
from mnistspec.shapes.constants import tensor_of
from mnistspec.source import Span
from mnistspec.spec import Constant, Spec
from mnistspec.typed import TypedGraph

# By class: how many axes a constant has at least for its first one to stand beside the batch.
_JOINING = {
    "Concatenate": 2, "Dot": 2, "ops.append": 2, "ops.concatenate": 2, "ops.dstack": 2, "ops.hstack": 2, "ops.stack": 1,
}  # fmt: skip


def fixed_batch(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Keras builds such a model, since an open batch may be of that size, and fails with any other."""
    joined = (found for node in typed.of_classes(_JOINING) for found in _joined(typed, node))
    if spec.backend != "tensorflow":
        return tuple(joined)
    return (*joined, *(found for node in typed.of_classes({"ops.einsum"}) for found in _multiplied(typed, node)))


def _joined(typed: TypedGraph, node: GraphNode) -> Iterator[Diagnostic]:
    call = node.call
    if call is None or not call.complete or not _has_batch(typed, node) or _is_along_batch(typed, node, call):
        return
    for shape, span in _constants(node, call):
        if len(shape) >= _JOINING[call.name]:
            yield _told(node, shape[0], span)


def _has_batch(typed: TypedGraph, node: GraphNode) -> bool:
    """Whether the call has a result, and a tensor that begins with an open batch."""
    known = typed.inferred[node.name].outputs[0].shape is not None
    return known and any(_begins_open(tensor.shape) for port in node.sources() for tensor in typed.tensors(port))


def _begins_open(shape: Shape | None) -> bool:
    return shape is not None and shape[:1] == (None,)


def _is_along_batch(typed: TypedGraph, node: GraphNode, call: Call) -> bool:
    """Whether tensors are joined along the batch, or with `axis: null` all in a row: that is another matter."""
    if "axis" not in call.facts.arguments:
        return False
    axis, shape = call.argument("axis"), typed.inferred[node.name].outputs[0].shape
    return not isinstance(axis, int) or axis % max(len(shape or ()), 1) == 0


def _constants(node: GraphNode, call: Call) -> Iterator[tuple[Shape, Span]]:
    """The constants that the call is given, by their shape and place."""
    for given in all_given(node.inputs, node.named):
        if isinstance(given, Constant) and given.value is not None:
            yield _shape(given.value), given.span
    for argument in call.facts.tensors:
        if argument.name in call.arguments:
            yield _shape(call.arguments[argument.name]), call.span_of(argument.name)


def _shape(value: Value) -> Shape:
    return tensor_of(value).shape or ()


def _multiplied(typed: TypedGraph, node: GraphNode) -> Iterator[Diagnostic]:
    """TensorFlow's `einsum` stretches nothing either."""
    call, given = node.call, node.named.get("operands", ())
    if call is None or not call.complete or not isinstance(given, tuple) or not _has_batch(typed, node):
        return
    letters = str(call.argument("subscripts")).partition("->")[0].replace(" ", "").split(",")
    pairs = list(zip(letters, given, strict=False))
    batch = {
        word[:1] for word, one in pairs if not isinstance(one, Constant) and _begins_open(typed.tensors(one)[0].shape)
    }
    for word, one in pairs:
        if isinstance(one, Constant) and word[:1] in batch and word.isalpha() and _shape(one.value)[:1] == (1,):
            yield _told(node, 1, one.span)


def _told(node: GraphNode, count: int | None, span: Span) -> Diagnostic:
    examples = "one example" if count == 1 else f"{count} examples"
    message = f"`{node.name}` joins a constant of {examples} to a batch, which has to be of {examples} then"
    help = "stretch it first: `ops.add` it to `ops.zeros_like` of a node, which gives it the batch"
    return Diagnostic("W521", message, span, help)
