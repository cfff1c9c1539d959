"""The graph: layers named, connected, in an order that can be built; inputs from the text or from the data's facts."""

from __future__ import annotations

from mnistspec.datasets.facts import DataFacts
from mnistspec.diagnostics import Outcome, has_errors
from mnistspec.graph.builder import Builder
from mnistspec.graph.naming import array_for, by_output, keras_names, snake_case, stem_of
from mnistspec.graph.parts import Graph, GraphNode, Port
from mnistspec.spec import Spec

__all__ = [
    "Graph",
    "GraphNode",
    "Port",
    "array_for",
    "build_graph",
    "by_output",
    "keras_names",
    "snake_case",
    "stem_of",
]


def build_graph(spec: Spec, facts: DataFacts | None) -> Outcome[Graph]:
    """The spec's model as a graph. `facts` are the prepared data's, None where there is no data or no knowing."""
    builder = Builder(spec.model)
    inputs = builder.inputs(spec.model, facts, has_data=spec.data is not None or "data" in spec.hidden)
    nodes = builder.nodes(inputs)
    ordered = builder.in_order(nodes)
    outputs = builder.outputs(spec.model, nodes)
    unused = builder.unused(inputs, ordered, outputs)
    if not nodes or ordered is None:
        return Outcome(None, tuple(builder.diagnostics))
    precision = spec.compile.precision if spec.compile is not None else "float32"
    hidden = spec.model.hidden or has_errors(builder.diagnostics) or any(node.call is None for node in ordered)
    graph = Graph(spec.model.kind, spec.name, inputs, ordered, outputs, unused, precision, facts, not hidden)
    return Outcome(graph, tuple(builder.diagnostics))
