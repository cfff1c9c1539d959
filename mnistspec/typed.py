"""A graph with what is known of every node: what it returns, in shape and dtype, and what it costs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mnistspec.graph import Graph, GraphNode, Port
from mnistspec.shapes.base import Inferred, Shape, Tensor
from mnistspec.wrapping import wrapped


@dataclass(frozen=True)
class TypedGraph:
    """A graph and what is known of each node's outputs, parameters and floating point operations an example."""

    graph: Graph
    inferred: Mapping[str, Inferred]
    inputs: Mapping[str, Tensor]
    # The models nested in it, by the nodes that call them, each with the shapes of that call.
    nested: Mapping[str, TypedGraph] = field(default_factory=dict)

    def tensors(self, port: Port) -> tuple[Tensor, ...]:
        """What a port carries: one tensor, or all that the node returns."""
        if port.node in self.inputs:
            return (self.inputs[port.node],)
        outputs = self.inferred[port.node].outputs
        return outputs if port.output is None else outputs[port.output : port.output + 1] or (Tensor(None, None),)

    def steps(self, node: GraphNode) -> Shape:
        """The sizes of the axes along which the model inside a layer is called; () for one that is the layer itself."""
        depth = len(wrapped(node.call)) - 1 if node.call is not None else 0
        shape = self.tensors(node.first())[0].shape if depth else None
        return (None,) * depth if shape is None else shape[1 : 1 + depth]

    def _total(self, values: list[int | None]) -> int | None:
        known = [value for value in values if value is not None]
        return sum(known) if len(known) == len(values) else None

    @cached_property
    def used(self) -> tuple[GraphNode, ...]:
        """The nodes that an output needs, in the order in which they are built."""
        unused = self.graph.unused
        return tuple([node for node in self.graph.nodes if node.name not in unused]) if unused else self.graph.nodes

    @cached_property
    def by_class(self) -> Mapping[str, tuple[GraphNode, ...]]:
        """The nodes that an output needs by the class of their layer, without those whose layer a mistake hides."""
        found: dict[str, list[GraphNode]] = {}
        for node in self.used:
            if node.call is not None:
                found.setdefault(node.call.facts.name, []).append(node)
        return {name: tuple(nodes) for name, nodes in found.items()}

    def of_classes(self, names: Collection[str]) -> list[GraphNode]:
        """The nodes that an output needs and whose layer is of one of these classes."""
        return [node for name, nodes in self.by_class.items() if name in names for node in nodes]

    @property
    def trainable(self) -> int | None:
        """Trainable parameters of the whole model; None where one layer's are unknown."""
        return self._total([self.inferred[node.name].trainable for node in self.used])

    @property
    def non_trainable(self) -> int | None:
        return self._total([self.inferred[node.name].non_trainable for node in self.used])

    @property
    def flops(self) -> int | None:
        """Floating point operations of one forward pass of one example."""
        return self._total([self.inferred[node.name].flops for node in self.used])
