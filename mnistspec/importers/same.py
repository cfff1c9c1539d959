"""Whether two specs say the same model, whatever they leave to defaults, blocks and repeats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnistspec.calls import Call
from mnistspec.exporters.resolved import plain_value
from mnistspec.graph import Graph, GraphNode
from mnistspec.pipeline import check_source
from mnistspec.source import Source
from mnistspec.usual import short_form


def same_model(text: str, other: str) -> bool:
    """Whether the text has no mistakes that the other has not, and both have one graph: layers, names, order, calls."""
    result, expected = check_source(Source(text)), check_source(Source(other))
    if {found.code for found in result.diagnostics} - {found.code for found in expected.diagnostics}:
        return False
    if result.untyped is None or expected.untyped is None or result.spec is None or expected.spec is None:
        return False
    return _said(result.untyped) == _said(expected.untyped) and result.spec.compile == expected.spec.compile


def _said(graph: Graph) -> Any:
    ends = graph.inputs, graph.outputs, graph.input_structure, graph.output_structure, graph.precision, graph.trainable
    return graph.kind, *ends, [_node(node) for node in graph.nodes]


def _node(node: GraphNode) -> Any:
    call = _value(node.call)
    how = node.placed, node.single, node.form
    called = node.inputs, dict(node.named), *how, plain_value(node.call_arguments)
    if node.model is not None:
        return node.name, call, *called, node.shares, node.identity, _said(node.model)
    return node.name, call, *called, node.shares, node.identity


def _value(value: Any) -> Any:
    """A value with every argument, in the form that Keras' long and short forms share."""
    if isinstance(value, Call):
        if value.bare is not None and not value.facts.arguments:
            return value.name
        known = {name: _argument(value, name) for name in value.facts.arguments}
        return value.name, {name: inner for name, inner in known.items() if name != "name"}
    if isinstance(value, Mapping):
        return {name: _value(inner) for name, inner in value.items()}
    return [_value(item) for item in value] if isinstance(value, list | tuple) else value


def _argument(call: Call, name: str) -> Any:
    return short_form(call.name, call.facts.arguments[name], _value(call.argument(name)))
