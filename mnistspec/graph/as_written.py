"""Nodes by the names that the place has for them from which they are read."""

from __future__ import annotations

from mnistspec.graph.parts import GraphNode, Port

NODE = "NODE"


def with_names(help: str, node: GraphNode) -> str:
    """A help line with the nodes that a layer is called on in the places of NODE, in order, the last one again."""
    if NODE not in help:
        return help
    names = [_name(port, node) for port in node.sources()] or ["..."]
    while NODE in help:
        help = help.replace(NODE, names[0], 1)
        names = names[1:] or names
    return help


def _name(port: Port, node: GraphNode) -> str:
    """What `from` has for the port; of the node before, its name there."""
    written = port.span.text.strip("\"'") if port.span is not None else ""
    if written == str(port) or f"{node.prefix}{written}" == str(port) or written.partition(".")[0] == "input":
        return written
    if node.prefix and not port.node.startswith(node.prefix):
        return "input"
    return str(port).removeprefix(node.prefix)
