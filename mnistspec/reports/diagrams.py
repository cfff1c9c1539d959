"""The model of a run as a drawing, from what its record says of each node; drawn by the code that draws specs."""

from __future__ import annotations

from collections.abc import Mapping

from mnistspec.diagnostics import UsageError
from mnistspec.exporters.diagram.of_graph import block_of
from mnistspec.exporters.diagram.parts import Diagram, Node, Source, make_diagram
from mnistspec.exporters.diagram.svg import svg_element
from mnistspec.markup import Markup
from mnistspec.reports.record import NodeRecord, RunRecord

NODES = 300  # that a report draws at most
LINES = 900


def model_drawing(run: RunRecord) -> Markup | None:
    """The drawing; None where the run recorded no model, or one that is too large to be seen on a page."""
    if not 0 < len(run.model.nodes) <= NODES:
        return None
    diagram = diagram_of_run(run)
    try:
        return svg_element(diagram) if len(diagram.lines) <= LINES else None
    except UsageError:  # a model too tangled to be drawn
        return None


def diagram_of_run(run: RunRecord) -> Diagram:
    """What is known of the model of a run; older records have neither blocks nor arguments."""
    inputs = [Node(name, "Input", (shape,) if shape is not None else ()) for name, shape in run.model.inputs.items()]
    known = {node.name: node for node in run.model.nodes}
    layers = [_layer(node, known) for node in run.model.nodes]
    outputs = [_source(name, known) for name in run.model.outputs]
    return make_diagram(run.name, run.kind or "Keras", inputs, layers, outputs)


def _layer(node: NodeRecord, known: Mapping[str, NodeRecord]) -> Node:
    return Node(
        name=node.name,
        layer=node.layer,
        shapes=node.output_shapes,
        parameters=node.params,
        arguments=node.arguments,
        sources=tuple(_source(name, known) for name in node.inputs),
        block=block_of(node.block),
        inner_name=node.name.removeprefix(node.block.replace("/", "__")),
    )


def _source(text: str, known: Mapping[str, NodeRecord]) -> Source:
    """What `name` or `name.1` means: a node by its whole name, or one of a node's outputs."""
    name, _, index = text.rpartition(".")
    return Source(name, int(index)) if text not in known and name in known and index.isdecimal() else Source(text)
