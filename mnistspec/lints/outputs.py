"""What the lints share: each output of the model with its loss, last layer and target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mnistspec.datasets.facts import ArrayFacts
from mnistspec.datasets.targets import target_facts
from mnistspec.graph import GraphNode
from mnistspec.infer import TypedGraph
from mnistspec.shapes.base import Tensor
from mnistspec.source import Span
from mnistspec.spec import Call, Spec


@dataclass(frozen=True)
class Output:
    """One output: its name and node, its tensor, the loss it learns by (and where that stands), what it learns."""

    name: str
    node: GraphNode | None
    tensor: Tensor
    loss: Call | None
    loss_span: Span | None
    target: ArrayFacts | None

    @property
    def activation(self) -> str | None:
        """The activation that the output comes out of; None where it is not known."""
        call = self.node.call if self.node is not None else None
        if call is None:
            return None
        if call.name in _ACTIVATION_LAYERS:
            return _ACTIVATION_LAYERS[call.name]
        if "activation" not in call.facts.arguments or call.name in _RECURRENT:
            return None
        value = call.argument("activation")
        if value is None:
            return "linear"
        if isinstance(value, Call):
            return _ACTIVATION_LAYERS.get(value.name, value.name if value.facts.namespace == "activations" else None)
        return str(value)


_ACTIVATION_LAYERS = {"Softmax": "softmax", "ReLU": "relu"}
_RECURRENT = frozenset(["LSTM", "GRU", "SimpleRNN", "Bidirectional"])


def outputs(typed: TypedGraph, spec: Spec) -> Iterator[Output]:
    """Every output of the model. Losses and targets are None where the spec has none for it, or none at all."""
    names = tuple(port.node for port in typed.graph.outputs)
    targets: Mapping[str, ArrayFacts | None] = {}
    if spec.data is not None and typed.graph.facts is not None:
        targets = target_facts(typed.graph.facts, spec.data.targets, names)
    nodes = {node.name: node for node in typed.graph.nodes}
    for port in typed.graph.outputs:
        loss, span = _loss(spec, port.node)
        yield Output(port.node, nodes.get(port.node), typed.tensors(port)[0], loss, span, targets.get(port.node))


def _loss(spec: Spec, name: str) -> tuple[Call | None, Span | None]:
    if spec.compile is None:
        return None, None
    loss = spec.compile.loss
    span = spec.compile.spans.get("loss")
    if isinstance(loss, Mapping):
        loss, span = loss.get(name), spec.compile.spans.get(f"loss.{name}", span)
    return (loss, loss.span) if isinstance(loss, Call) else (None, span)
