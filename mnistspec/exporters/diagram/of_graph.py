"""The drawing of a checked spec's model, which needs neither Keras nor a run."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.exporters.diagram.parts import Diagram, Node, Source, make_diagram
from mnistspec.exporters.diagram.words import telling_arguments
from mnistspec.exporters.resolved import from_value
from mnistspec.graph import GraphNode, Port, all_given
from mnistspec.typed import TypedGraph


def diagram_of(typed: TypedGraph) -> Diagram:
    """The graph of a spec in order, unused layers included."""
    graph = typed.graph
    inputs = [_input(typed, name) for name in typed.inputs]
    layers = [_layer(typed, node) for node in graph.nodes]
    outputs = [Source(port.node, port.output) for port in graph.outputs]
    return make_diagram(graph.name, graph.kind, inputs, layers, outputs)


def block_of(name: str) -> tuple[str, ...]:
    """The names of the used blocks that a node is in, which stand before its own with a `/` each."""
    return tuple(name.split("/")[:-1])


def _input(typed: TypedGraph, name: str) -> Node:
    tensor = typed.inputs[name]
    arguments = {"dtype": tensor.dtype} if tensor.dtype != "float32" else {}
    return Node(name, "Input", (tensor.shape,), arguments=arguments)


def _layer(typed: TypedGraph, node: GraphNode) -> Node:
    assert node.call is not None, "a graph with errors is not drawn"
    inferred = typed.inferred[node.name]
    arguments = telling_arguments(node.call) if node.shares is None else {"share": node.shares}
    if len(node.sources()) < len([*all_given(node.inputs, node.named)]):
        arguments |= {"from": from_value(node)}  # with the constants, which no line leads to
    return Node(
        name=node.name,
        layer=node.call.name,
        shapes=tuple(tensor.shape for tensor in inferred.outputs),
        parameters=_sum(inferred.trainable, inferred.non_trainable),
        arguments=arguments,
        sources=tuple(_sources(node)),
        block=block_of(node.name),
        unused=node.name in typed.graph.unused,
    )


def _sum(trainable: int | None, fixed: int | None) -> int | None:
    return None if trainable is None or fixed is None else trainable + fixed


def _sources(node: GraphNode) -> Iterator[Source]:
    only = len(node.sources()) == 1
    for argument, value in {"": node.inputs, **node.named}.items():
        # A function on one tensor has nothing to tell apart.
        told = "" if only else argument
        ports = (one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, Port))
        yield from (Source(port.node, port.output, told) for port in ports)
