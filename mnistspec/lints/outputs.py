"""What the lints share: each output of the model with its loss, last layer and target."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from mnistspec import catalogue
from mnistspec.calls import Call
from mnistspec.datasets.facts import ArrayFacts
from mnistspec.datasets.targets import target_facts
from mnistspec.frozen import dataclass
from mnistspec.graph import GraphNode, by_each
from mnistspec.lints.activations import activation_of
from mnistspec.lints.comparisons import LOSSES, Fit, compare
from mnistspec.shapes.base import Shape, Size, Tensor
from mnistspec.source import Span
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph


@dataclass(frozen=True)
class Output:
    """One output: its name and node, its tensor, the loss it learns by (and where that stands), what it learns.

    `batch` is the size of the inputs' first axis.
    """

    name: str
    node: GraphNode | None
    tensor: Tensor
    loss: Call | None
    loss_span: Span | None
    target: ArrayFacts | None
    batch: Size = None

    @property
    def example(self) -> Shape | None:
        """The shape of what one example gives; None where it is not known, or where the batch axis is lost."""
        shape = self.tensor.shape
        return shape[1:] if shape and shape[0] in (None, self.batch) else None

    @property
    def wanted(self) -> Shape | None:
        """The shape of what one example is to learn, as far as it is known."""
        return self.target.shape if self.target is not None else None

    @cached_property
    def met(self) -> Fit | None:
        """How its shape meets that of what it is to learn, in its loss; None where that is not known."""
        if self.loss is None or self.wanted is None or self.example is None:
            return None
        return compare(LOSSES, self.loss, self.wanted, self.example)

    @property
    def activation(self) -> str | None:
        """The activation that the output comes out of; None where it is not known."""
        return activation_of(self.node.call) if self.node is not None else None

    @property
    def size(self) -> int | None:
        """How many values the output gives an example, along its last axis."""
        return self.tensor.shape[-1] if self.tensor.shape else None

    @property
    def from_logits(self) -> bool:
        return self.loss is not None and self.loss.argument("from_logits") is True

    @property
    def learns_ids(self) -> bool:
        """Whether what is learnt is known to be class ids."""
        return self.target is not None and self.target.classes is not None and not self.target.one_hot

    @property
    def learns_rows(self) -> bool:
        """Whether what is learnt is known to be one-hot rows."""
        return self.target is not None and self.target.one_hot


def outputs_of(typed: TypedGraph, spec: Spec) -> tuple[Output, ...]:
    """Every output of the model. What the spec does not have for it, or a reported mistake hides, is None."""
    targets = _targets(typed, spec)
    batch = next((tensor.shape[0] for tensor in typed.inputs.values() if tensor.shape), None)
    found = []
    for name, port in zip(typed.graph.output_names, typed.graph.outputs, strict=True):
        loss, span = _loss(typed, spec, name)
        node = typed.graph.node(port.node) if port.node in typed.graph else None
        found.append(Output(name, node, typed.tensors(port)[0], loss, span, targets.get(name), batch))
    return tuple(found)


def knows_outputs(typed: TypedGraph, spec: Spec) -> bool:
    """Whether no reported mistake hides an output, or shifts the names of several."""
    return typed.graph.complete or (spec.model.outputs is None and "outputs" not in spec.model.hidden)


def picked_by_shape(call: Call) -> bool:
    """Whether a loss or metric is a word for which Keras picks the class when it sees the shapes."""
    return call.bare in catalogue.load()[call.facts.namespace].picked_by_shape


def _targets(typed: TypedGraph, spec: Spec) -> Mapping[str, ArrayFacts | None]:
    facts = typed.graph.facts
    if spec.data is None or facts is None or "targets" in spec.data.hidden:
        return {}
    if not typed.graph.complete and (isinstance(spec.data.targets, Mapping) or len(facts.y) > 1):
        return {}
    return target_facts(facts, spec.data.targets, typed.graph.output_names)


def _loss(typed: TypedGraph, spec: Spec, name: str) -> tuple[Call | None, Span | None]:
    if spec.compile is None or "loss" in spec.compile.hidden:
        return None, None
    given = spec.compile.loss
    if isinstance(given, Call):
        return given, given.span
    span = spec.compile.spans.get("loss")
    if isinstance(given, Mapping | tuple) and not typed.graph.complete:
        return None, None
    losses = by_each(given, typed.graph.output_names)[name]
    span = spec.compile.spans.get(f"loss.{name}", span)
    return (losses[0], losses[0].span) if len(losses) == 1 else (None, span)
