"""A model as a Mermaid flowchart, which GitHub, GitLab and many editors draw inside Markdown.

Form: https://mermaid.js.org/syntax/flowchart.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.exporters.diagram.groups import Group, grouped
from mnistspec.exporters.diagram.parts import Box, Diagram, Line

# Lines that Mermaid draws unless it is told to draw more.
_LINES = 500
_PLAIN = frozenset(" _.,=()/+-")
_STYLES = (
    "classDef input fill:#e3f2e8,stroke:#2f7d4f,color:#16301f",
    "classDef layer fill:#e8f0f8,stroke:#3f6f9f,color:#14202c",
    "classDef output fill:#fbeee2,stroke:#a8631d,color:#33210d",
    "classDef block fill:#f1f3f5,stroke:#b9c1c9,color:#1c2025",
    "classDef unused stroke-dasharray:4 4",
)


def mermaid(diagram: Diagram) -> str:
    """The flowchart as text, blocks as subgraphs."""
    parts = (
        "---",
        f'title: "{_escaped(diagram.name)}"',
        "---",
        *_warning(diagram),
        "flowchart TB",
        f"  accTitle: {_escaped(diagram.title)}",
        f"  accDescr: {_escaped(diagram.description)}",
        *_group(grouped(box.group for box in diagram.boxes), diagram, "  "),
        *(f"  {_line(line)}" for line in diagram.lines),
        *(f"  {style}" for style in _STYLES),
    )
    return "\n".join(parts) + "\n"


def _warning(diagram: Diagram) -> tuple[str, ...]:
    count = len(diagram.lines)
    return (f"%% {count} lines: Mermaid draws these with `maxEdges` set to {count} or more.",) if count > _LINES else ()


def _group(group: Group, diagram: Diagram, indent: str) -> Iterator[str]:
    for item in group.items:
        if isinstance(item, int):
            yield f"{indent}{_node(item, diagram.boxes[item])}"
        else:
            yield f'{indent}subgraph g{item.number}["{_escaped(item.name)}"]'
            yield from _group(item, diagram, indent + "  ")
            yield f"{indent}end"
            yield f"{indent}class g{item.number} block"


def _node(place: int, box: Box) -> str:
    words = (f"<b>{_escaped(box.layer)}</b> {_escaped(box.name)}".rstrip(), *map(_escaped, _rest(box)))
    opened, closed = ("([", "])") if box.role != "layer" else ("[", "]")
    unused = f"\n  class n{place} unused" if box.unused else ""
    return f'n{place}{opened}"{"<br>".join(filter(None, words))}"{closed}:::{box.role}{unused}'


def _rest(box: Box) -> tuple[str, ...]:
    return ", ".join(box.arguments), box.shape, box.parameters


def _line(line: Line) -> str:
    label = f'|"{_escaped(line.label)}"|' if line.label else ""
    return f"n{line.source} -->{label} n{line.target}"


def _escaped(text: str) -> str:
    """Text with every sign that could mean something to Mermaid, HTML or Markdown as its number."""
    return "".join(sign if sign.isalnum() or sign in _PLAIN else f"#{ord(sign)};" for sign in text)
