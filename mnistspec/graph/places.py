"""Where in the text a node's arguments and inputs stand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from mnistspec.graph.parts import GraphNode, Port
from mnistspec.source import Span


def place_of(node: GraphNode, argument: str) -> Span:
    """Where an argument stands: among those of the call, or of the layer."""
    given = node.named.get(argument)
    spans = [one.span for one in (given if isinstance(given, tuple) else (given,)) if one is not None]
    if spans and None not in spans:
        return _stretch([span for span in spans if span is not None]) or node.span
    assert node.call is not None
    return node.call_spans.get(argument) or node.call.span_of(argument)


def place_of_inputs(node: GraphNode) -> Span:
    """Where the inputs are named, when the layer says `from`; the layer itself when it follows the one before."""
    spans = [port.span for port in node.sources() if port.span is not None]
    if len(spans) > 1 and not node.named:
        return _stretch(spans) or node.span
    return spans[0] if len(spans) == 1 else node.span


def _stretch(spans: list[Span]) -> Span | None:
    """What stands one behind the other on a line; None where it does not."""
    in_order = all(one.source is two.source and one.end <= two.start for one, two in pairwise(spans))
    whole = replace(spans[0], end=spans[-1].end)
    return whole if in_order and "\n" not in whole.text else None


def as_asked(port: Port) -> str:
    """The node as the place that asks for one of its outputs has it: a block knows what it is given as `input`."""
    written = port.span.text.strip("\"'") if port.span is not None else ""
    index = f".{port.output}"
    return written.removesuffix(index) if written.endswith(index) else port.node
