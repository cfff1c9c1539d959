"""Ids that a layer has no row for: `Embedding` fails on them in the first step, `CategoryEncoding` leaves them out."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.diagnostics import Diagnostic, Fix
from mnistspec.frozen import dataclass
from mnistspec.graph import GraphNode
from mnistspec.lints.inputs import fed
from mnistspec.spec import DataSpec, Spec
from mnistspec.typed import TypedGraph

# Layers that take ids from 0 on, each with the argument that says how many.
_COUNTS = {"CategoryEncoding": "num_tokens", "Embedding": "input_dim", "ReversibleEmbedding": "input_dim"}
# Layers that give the very values that they are given.
_KEEPING = frozenset(["Flatten", "Identity", "Permute", "RepeatVector", "Reshape"])


@dataclass(frozen=True)
class LookUp:
    """A layer that looks up the values of an input; it takes `count` ids, as its `argument` says."""

    node: GraphNode
    argument: str
    count: int
    input: str

    def misses(self, value: float | None) -> bool:
        """Whether the layer does not take a value, which it reads as a whole number."""
        return value is not None and not -1 < value < self.count

    def taken(self) -> str:
        return f"takes the ids 0 to {self.count - 1}" if self.count > 1 else "takes the id 0 alone"

    def way_out(self, largest: float) -> str:
        return f"write `{self.argument}: {int(largest) + 1}`"


def look_ups(typed: TypedGraph) -> Iterator[LookUp]:
    """Every layer that looks up an input's own values; the model's nested models are taken apart."""
    for node in typed.of_classes(_COUNTS):
        given = _origin(typed, node)
        if node.call is None or given is None or not node.call.complete or node.call_arguments.get("reverse"):
            continue
        argument = _COUNTS[node.call.name]
        count = node.call.argument(argument)
        if isinstance(count, int) and count > 0:
            yield LookUp(node, argument, count, given)


def _origin(typed: TypedGraph, node: GraphNode) -> str | None:
    """The input that a node is called on by layers that keep its values; None where another layer comes between."""
    port = node.first()
    while port.node in typed.graph:
        node = typed.graph.node(port.node)
        if node.call is None or node.call.name not in _KEEPING:
            return None
        port = node.first()
    return port.node


def ids(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Ids that are known to go beyond the layer's, before anything is loaded."""
    if spec.data is None or not _all_used(spec.data):
        return ()
    largest = {given.name: array.maximum for given, array in fed(typed) if not array.one_hot}
    looked = (one for one in look_ups(typed) if one.misses(largest.get(one.input)))
    return tuple(_told(one, largest[one.input] or 0) for one in looked)


def _all_used(data: DataSpec) -> bool:
    """Whether all ids that there may be are: examples are left out by a limit, words that only held out rows have."""
    held_out = isinstance(data.validation, float) or not data.source.options.get("test_path")
    return data.counted and not data.limit and not (data.source.name == "csv" and held_out)


def _told(one: LookUp, largest: float) -> Diagnostic:
    assert one.node.call is not None
    at = one.node.call.span_of(one.argument)
    message = f"`{one.node.name}` {one.taken()}, and those of `{one.input}` go up to {int(largest)}"
    fix = Fix(at, str(int(largest) + 1)) if at is not None else None
    return Diagnostic("E413", message, at or one.node.span, one.way_out(largest), fix=fix)
