"""One model as a graph, with the models nested in it."""

from __future__ import annotations

from mnistspec.datasets.facts import DataFacts
from mnistspec.diagnostics import Outcome, has_errors
from mnistspec.graph.builder import Builder
from mnistspec.graph.parts import Graph, Port
from mnistspec.spec import ModelSpec
from mnistspec.structures import Structure, filled, leaves


def assembled(
    model: ModelSpec, name: str, precision: str, facts: DataFacts | None = None, *, has_data: bool
) -> Outcome[Graph]:
    """The model as a graph; None where there is no node, or no order to build them in.

    `has_data` says that something else gives the shapes of inputs that have none: data, or what a nested model is
    called on.
    """

    precision = model.dtype or precision

    def nested(inner: ModelSpec, own_name: str) -> Outcome[Graph]:
        return assembled(inner, own_name, precision, has_data=True)

    builder = Builder(model, nested)
    inputs = builder.inputs(model, facts, has_data=has_data)
    structure = builder.input_structure(inputs)
    nodes = builder.nodes(inputs)
    ordered = builder.in_order(nodes)
    outputs = builder.outputs(model, nodes)
    unused = builder.unused(inputs, ordered, outputs)
    if not nodes or ordered is None:
        return Outcome(None, tuple(builder.diagnostics))
    hidden = model.hidden or has_errors(builder.diagnostics) or any(node.call is None for node in ordered)
    graph = Graph(
        model.kind, name, inputs, ordered, outputs, unused, precision, facts, not hidden,
        builder.other_names(outputs),
        structure, _of_ports(model.output_structure, outputs), model.dtype, model.trainable,
    )  # fmt: skip
    return Outcome(graph, tuple(builder.diagnostics))


def _of_ports(structure: Structure, outputs: tuple[Port, ...]) -> Structure:
    """The structure of the outputs, by where they come from; None where a mistake hides one."""
    known = structure is not None and len(list(leaves(structure))) == len(outputs)
    return filled(structure, map(str, outputs)) if known else None
