"""A model in DOT, the language of Graphviz (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.exporters.diagram.groups import Group, grouped
from mnistspec.exporters.diagram.parts import Box, Diagram, Line

_FILLS = {"input": "#e3f2e8", "layer": "#eef3f8", "output": "#fbeee2"}


def dot(diagram: Diagram) -> str:
    """The graph as text, blocks as clusters."""
    parts = (
        f"digraph {_quoted(diagram.name)} {{",
        f"  graph [rankdir=TB, labelloc=t, fontname=Helvetica, label={_quoted(diagram.name)}]",
        '  node [shape=box, style="rounded,filled", fontname=Helvetica, fontsize=11, color="#7a8896"]',
        '  edge [fontname=Helvetica, fontsize=10, color="#59626b"]',
        *_group(grouped(box.group for box in diagram.boxes), diagram, "  "),
        *(f"  {_line(line)}" for line in diagram.lines),
        "}",
    )
    return "\n".join(parts) + "\n"


def _group(group: Group, diagram: Diagram, indent: str) -> Iterator[str]:
    for item in group.items:
        if isinstance(item, int):
            yield f"{indent}{_node(item, diagram.boxes[item])}"
        else:
            yield f"{indent}subgraph cluster_{item.number} {{"
            yield f'{indent}  graph [label={_quoted(item.name)}, style=rounded, color="#9aa5b1"]'
            yield from _group(item, diagram, indent + "  ")
            yield f"{indent}}}"


def _node(place: int, box: Box) -> str:
    words = (f"{box.layer} {box.name}".rstrip(), ", ".join(box.arguments), box.shape, box.parameters)
    style = ', style="rounded,filled,dashed"' if box.unused else ""
    return f'n{place} [label={_quoted(*filter(None, words))}, fillcolor="{_FILLS[box.role]}"{style}]'


def _line(line: Line) -> str:
    label = f" [label={_quoted(line.label)}]" if line.label else ""
    return f"n{line.source} -> n{line.target}{label}"


def _quoted(*lines: str) -> str:
    r"""Text in quotes, line under line; `\` and `&` would begin something that Graphviz replaces."""
    escaped = (line.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'
