"""The graph: layers named, connected, in an order that can be built; inputs from the text or from the data's facts."""

from __future__ import annotations

from mnistspec.datasets.facts import DataFacts
from mnistspec.diagnostics import Outcome
from mnistspec.graph.assembling import assembled
from mnistspec.graph.each_output import by_each
from mnistspec.graph.naming import array_for, by_output, keras_names, snake_case, stem_of
from mnistspec.graph.parts import Argument, Given, Graph, GraphNode, Port, all_followed, all_given, followed
from mnistspec.graph.used_as_outputs import by_nodes
from mnistspec.spec import Spec

__all__ = [
    "Argument",
    "Given",
    "Graph",
    "GraphNode",
    "Port",
    "all_followed",
    "all_given",
    "array_for",
    "build_graph",
    "by_each",
    "by_nodes",
    "by_output",
    "followed",
    "keras_names",
    "snake_case",
    "stem_of",
]


def build_graph(spec: Spec, facts: DataFacts | None) -> Outcome[Graph]:
    """The spec's model as a graph. `facts` are the prepared data's, None where there is no data or no knowing."""
    precision = spec.compile.precision if spec.compile is not None else "float32"
    has_data = spec.data is not None or "data" in spec.hidden
    return assembled(spec.model, spec.name, precision, facts, has_data=has_data)
