"""A model as an SVG that needs nothing else: no Graphviz, no script, no font from elsewhere; light or dark as asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mnistspec.diagnostics import UsageError
from mnistspec.exporters.diagram.faces import FOOT, LETTER, ROW, SIDE, Face, Row, cells, cut, face, label_face
from mnistspec.exporters.diagram.groups import Group, grouped
from mnistspec.exporters.diagram.layout import lay_out
from mnistspec.exporters.diagram.layout.geometry import Laid, Rectangle, Tangled, Way
from mnistspec.exporters.diagram.parts import Box, Diagram, ungrouped
from mnistspec.markup import Markup, joined, short, tag

STYLE = Path(__file__).with_name("drawing.css")
LONGEST_HEADING = 40  # letters of a group's name
TIP = 4.0  # pixels: half the width of an arrow's tip


def svg(diagram: Diagram) -> str:
    """The drawing as a file. Raises: UsageError where there are more lines than can be drawn."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{svg_element(diagram)}\n'


def svg_element(diagram: Diagram) -> Markup:
    """The drawing as an element, which may also stand in an HTML page. Raises: UsageError."""
    labelled = [line for line in diagram.lines if line.label]
    faces = [*map(face, diagram.boxes), *(label_face(line.label) for line in labelled)]
    groups = [box.group for box in diagram.boxes]
    root = grouped([*groups, *(groups[line.target] for line in labelled)])
    headings = {group.number: cut(group.name, LONGEST_HEADING) for group in _inside(root)}
    laid = _laid(diagram, root, faces, headings)
    if laid is None:
        return svg_element(ungrouped(diagram))
    return _element(diagram, laid, faces, headings)


def _element(diagram: Diagram, laid: Laid, faces: Sequence[Face], headings: Mapping[int, str]) -> Markup:
    """What lies below first: the page, frames, lines, then words and boxes."""
    return tag(
        "svg",
        tag("title", diagram.title),
        tag("desc", diagram.description),
        tag("style", Markup(STYLE.read_text(encoding="utf-8"))),
        tag("rect", class_="page", width=laid.width, height=laid.height),
        *(_rectangle(laid.groups[number], 8, "group") for number in headings),
        *_ways(laid, len(diagram.boxes)),
        *(_heading(heading, laid.groups[number]) for number, heading in headings.items()),
        *(_box(box, faces[place], laid.boxes[place]) for place, box in enumerate(diagram.boxes)),
        *(_label(faces[place], laid.boxes[place]) for place in range(len(diagram.boxes), len(faces))),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {short(laid.width)} {short(laid.height)}",
        width=laid.width,
        height=laid.height,
        role="img",
        aria_label=diagram.title,
        class_="drawing",
        style=f"--natural:{short(laid.width)}px",
    )


def _inside(group: Group) -> Iterator[Group]:
    """The groups in a group, outer ones first."""
    for item in group.items:
        if isinstance(item, Group):
            yield item
            yield from _inside(item)


def _laid(diagram: Diagram, root: Group, faces: Sequence[Face], headings: Mapping[int, str]) -> Laid | None:
    """The layout; the text on a line stands on it like a box."""
    lines: list[tuple[int, int]] = []
    label = len(diagram.boxes)
    for line in diagram.lines:
        if line.label:
            lines += [(line.source, label), (label, line.target)]
            label += 1
        else:
            lines.append((line.source, line.target))
    widths = {number: LETTER * cells(heading) * 1.1 for number, heading in headings.items()}
    try:
        return lay_out(root, [face.size for face in faces], lines, widths)
    except Tangled as tangled:
        raise UsageError(
            f"the lines of this model pass by other layers {tangled} times, which no drawing shows; "
            "`--to dot` or `--to mermaid` write the graph for a program that draws a part of it"
        ) from tangled


def _heading(text: str, place: Rectangle) -> Markup:
    return tag("text", text, x=place.x + 12, y=place.y + 19, class_="heading")


def _rectangle(place: Rectangle, corner: float, class_: str | None = None) -> Markup:
    return tag("rect", x=place.x, y=place.y, width=place.width, height=place.height, rx=corner, class_=class_)


def _ways(laid: Laid, boxes: int) -> Iterator[Markup]:
    for way in laid.ways:
        arrives = way.target is not None and way.target < boxes
        yield tag("path", d=_path(way, arrives), class_="way")
        if arrives:
            x, y = way.points[-1]
            tip = f"M{short(x - TIP)} {short(y - 2 * TIP)}h{short(2 * TIP)}L{short(x)} {short(y)}z"
            yield tag("path", d=tip, class_="tip")


def _path(way: Way, arrives: bool) -> str:
    """The way as SVG writes it; before a box it ends in the arrow's tip."""
    (x, y), *others = way.points
    if arrives:
        last = others[-1]
        others[-1] = (last[0], last[1] - TIP)
    written = [f"M{short(x)} {short(y)}"]
    for to_x, to_y in others:
        written.append(_stretch(x, y, to_x, to_y))
        x, y = to_x, to_y
    return "".join(written)


def _stretch(x: float, y: float, to_x: float, to_y: float) -> str:
    if abs(to_x - x) < 0.05:
        return f"V{short(to_y)}"
    if abs(to_y - y) < 0.05:
        return f"H{short(to_x)}"
    middle = short((y + to_y) / 2)
    return f"C{short(x)} {middle} {short(to_x)} {middle} {short(to_x)} {short(to_y)}"


def _box(box: Box, face: Face, place: Rectangle) -> Markup:
    """A box with its stripe, which tells inputs, outputs and layers with parameters, and all its words on hovering."""
    stripe = f"M{short(place.x + 4)} {short(place.y + 5)}v{short(place.height - 10)}"
    rows = (_row(row, place, place.y + FOOT + ROW * (number + 0.75)) for number, row in enumerate(face.rows))
    words = (box.layer, box.whole_name, ", ".join(box.arguments), box.shape, box.parameters)
    role = box.role if box.role != "layer" else "weighted" if box.parameters else None
    classes = " ".join(filter(None, ("box", role, "unused" if box.unused else None)))
    said = cut("\n".join(filter(None, words)), 600)
    return tag("g", tag("title", said), _rectangle(place, 5), tag("path", d=stripe), joined(rows), class_=classes)


def _row(row: Row, place: Rectangle, y: float) -> Markup:
    left = tag("text", row.left, x=place.x + SIDE, y=y, class_="class" if row.titled else None) if row.left else ""
    x = place.x + place.width - SIDE
    right = tag("text", row.right, x=x, y=y, text_anchor="end", class_="name" if row.titled else None)
    return joined((left, right if row.right else ""))


def _label(face: Face, place: Rectangle) -> Markup:
    x, y = place.x + place.width / 2, place.y + 0.75 * ROW
    return tag("text", face.rows[0].left, x=x, y=y, text_anchor="middle", class_="label")
