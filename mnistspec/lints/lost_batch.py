"""An output that has lost the batch axis: one answer for all examples together."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.diagnostics import Diagnostic
from mnistspec.graph import GraphNode
from mnistspec.shapes.base import Tensor, show
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph


def lost_batch(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Functions count the batch as axis 0, and Keras builds a model without it that neither trains nor predicts."""
    if not typed.graph.complete or any(_is_lost(tensor) for tensor in typed.inputs.values()):
        return ()
    places = {node.name: node for node in _losing(typed)}
    return tuple(_told(typed, node) for node in places.values())


def _losing(typed: TypedGraph) -> Iterator[GraphNode]:
    """For each output without a batch the node after which there is none."""
    for port in typed.graph.outputs:
        if port.node in typed.graph and _is_lost(typed.tensors(port)[0]):
            node = typed.graph.node(port.node)
            while (before := _lost_before(typed, node)) is not None:
                node = before
            yield node


def _lost_before(typed: TypedGraph, node: GraphNode) -> GraphNode | None:
    """The node that gave a node what had lost the batch already; None where it had something that had not."""
    ports = node.sources()
    if not ports or not all(_is_lost(typed.tensors(port)[0]) for port in ports) or ports[0].node not in typed.graph:
        return None
    return typed.graph.node(ports[0].node)


def _is_lost(tensor: Tensor) -> bool:
    return tensor.shape is not None and tensor.shape[:1] != (None,)


def _told(typed: TypedGraph, node: GraphNode) -> Diagnostic:
    shape = show(typed.inferred[node.name].outputs[0].shape)
    message = f"`{node.name}` gives {shape} for all examples together: the batch axis is gone"
    axis = next((name for name in ("axis", "axes", "newshape") if node.call and name in node.call.spans), None)
    span = node.call.span_of(axis) if node.call is not None and axis is not None else node.span
    return Diagnostic(
        "W521", message, span, "axis 0 is the batch: keep it, and count the others from 1 or from the end"
    )
