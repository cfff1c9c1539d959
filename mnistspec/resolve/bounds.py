"""How far a spec may expand: bounds on what expressions, blocks and repeats bring in, all together."""

from __future__ import annotations

from mnistspec.frozen import dataclass
from mnistspec.nodes import Node, ScalarNode, SequenceNode

MAX_DEPTH = 100
MAX_NESTED_VARIABLES = 30
# Values and characters that expressions, blocks and repeats may bring in, all together.
MAX_NODES = 300_000
MAX_CHARACTERS = 4 * 1024 * 1024
# Characters of expressions that are worked out, from `$` to `}`, each as often as it is.
MAX_WORKED_OUT = 300_000
# Turns of repeats.
MAX_TURNS = 20_000
# Blocks and repeats, one inside the other.
MAX_NESTED_BLOCKS = 32


@dataclass(frozen=True)
class Extent:
    """How much a value brings in: nodes, levels of nesting, and characters of texts."""

    nodes: int
    levels: int
    characters: int = 0


def extent(node: Node) -> Extent:
    """The extent of a value; that of a single value is 1 and 1."""
    if isinstance(node, ScalarNode):
        return Extent(1, 1, len(node.value) if isinstance(node.value, str) else 0)
    inner = node.items if isinstance(node, SequenceNode) else [entry.value for entry in node.entries]
    extents = [extent(value) for value in inner]
    return Extent(
        1 + sum(e.nodes for e in extents),
        1 + max((e.levels for e in extents), default=0),
        sum(e.characters for e in extents),
    )
