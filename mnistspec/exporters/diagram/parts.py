"""What every drawing of a model is made from: boxes in groups, and the lines between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, Literal

from mnistspec.exporters.diagram.words import argument_words, clean, parameter_words, shape_words
from mnistspec.frozen import dataclass
from mnistspec.shapes.base import Shape

# Groups inside groups that are drawn; what lies deeper stands in the innermost of them.
DEEPEST = 6


@dataclass(frozen=True)
class Source:
    """What a node is called on: a node, one of its outputs or None for all, and the call argument where it is named."""

    node: str
    output: int | None = None
    argument: str = ""


@dataclass(frozen=True)
class Node:
    """An input or a layer as a drawing needs to know it. `block` are the names of the used blocks that it is in.

    `inner_name` is what it is called in there, where that is not the end of its name.
    """

    name: str
    layer: str
    shapes: tuple[Shape | None, ...]
    parameters: int | None = 0
    arguments: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    block: tuple[str, ...] = ()
    inner_name: str = ""
    unused: bool = False


@dataclass(frozen=True)
class Box:
    """One thing drawn. `name` is what the node is called inside its group; `whole_name` has the groups before it."""

    role: Literal["input", "layer", "output"]
    layer: str
    name: str = ""
    whole_name: str = ""
    arguments: tuple[str, ...] = ()
    shape: str = ""
    parameters: str = ""
    group: tuple[str, ...] = ()
    unused: bool = False


@dataclass(frozen=True)
class Line:
    """From the box at one position to the box at another; `label` where it is not simply all that the box gives."""

    source: int
    target: int
    label: str = ""


@dataclass(frozen=True)
class Diagram:
    """A model to be drawn. Lines lead from boxes to later ones."""

    name: str
    kind: str
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        return f"The model {self.name}"

    @property
    def description(self) -> str:
        """The drawing in a sentence, for those who cannot see it."""
        layers = sum(box.role == "layer" for box in self.boxes)
        inputs = _listed(f"{box.name} {box.shape}" for box in self.boxes if box.role == "input")
        outputs = _listed(box.whole_name for box in self.boxes if box.role == "output")
        return f"A {self.kind} model of {layers} layer{'' if layers == 1 else 's'}, from {inputs} to {outputs}."


def ungrouped(diagram: Diagram) -> Diagram:
    """The same without groups, boxes by their whole names."""
    boxes = (replace(box, group=(), name=box.whole_name if box.name else "") for box in diagram.boxes)
    return replace(diagram, boxes=tuple(boxes))


def _listed(words: Iterable[str]) -> str:
    first, *others = [*words][:9] or ["nothing"]
    shown = [first, *others[:7]] + (["others"] if len(others) > 7 else [])
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def make_diagram(
    name: str, kind: str, inputs: Sequence[Node], layers: Sequence[Node], outputs: Sequence[Source]
) -> Diagram:
    """Boxes for inputs, layers and outputs, in this order, with lines from what stands before; others are left out."""
    nodes = {node.name: node for node in (*inputs, *layers)}
    places = {name: place for place, name in enumerate(nodes)}
    boxes = [*(_box("input", node) for node in inputs), *(_box("layer", node) for node in layers)]
    lines = [line for node in layers for line in _lines(node.sources, places[node.name], places, nodes)]
    for port in outputs:
        lines.extend(_lines((port,), len(boxes), places, nodes))
        # Settings tell several outputs apart by their names.
        shown = clean(port.node) if len(outputs) > 1 else ""
        boxes.append(Box("output", "Output", name=shown, whole_name=clean(port.node)))
    return Diagram(clean(name), kind, tuple(boxes), tuple(lines))


def _box(role: Literal["input", "layer"], node: Node) -> Box:
    group = tuple(map(clean, node.block[:DEEPEST]))
    prefix = "".join(f"{block}/" for block in node.block[:DEEPEST])
    return Box(
        role=role,
        layer=clean(node.layer),
        name=clean(node.inner_name or node.name.removeprefix(prefix)),
        whole_name=clean(node.name),
        arguments=argument_words(node.arguments),
        shape=shape_words(node.shapes),
        parameters=parameter_words(node.parameters),
        group=group,
        unused=node.unused,
    )


def _lines(
    sources: Iterable[Source], target: int, places: Mapping[str, int], nodes: Mapping[str, Node]
) -> Iterable[Line]:
    for source, times in Counter(sources).items():
        if places.get(source.node, target) < target:
            yield Line(places[source.node], target, _label(source, times, nodes[source.node]))


def _label(source: Source, times: int, node: Node) -> str:
    words = [clean(source.argument)] if source.argument else []
    if len(node.shapes) > 1:
        words.append(_which(source.output, node.shapes))
    if times > 1:
        words.append(f"{times} times")
    return ", ".join(words)


def _which(output: int | None, shapes: Sequence[Shape | None]) -> str:
    if output is None:
        return f"all {len(shapes)} outputs"
    return f"output {output} {shape_words(shapes[output : output + 1])}".rstrip()
