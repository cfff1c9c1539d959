"""What to write where a shape does not fit for a reason that stands in another layer, or in the input."""

from __future__ import annotations

from collections.abc import Iterable

from mnistspec.calls import Call
from mnistspec.graph.parts import Graph, GraphNode
from mnistspec.shapes.base import Tensor
from mnistspec.wrapping import wrapped

_RECURRENT = frozenset(["LSTM", "GRU", "SimpleRNN", "RNN"])
# Layers that leave the axes as they are.
_KEEPING = frozenset(["Dropout", "Activation", "BatchNormalization", "LayerNormalization", "Dense"])
# A picture smaller than this may be channels first or a picture.
_PICTURE = 5


def every_step(graph: Graph, node: GraphNode) -> str | None:
    """Where a layer of sequences follows one that gives its last step alone."""
    if node.call is None or not _takes_sequences(node.call):
        return None
    before = _before(graph, node)
    while before is not None and before.call is not None and before.call.name in _KEEPING:
        before = _before(graph, before)
    inner = wrapped(before.call)[-1] if before is not None and before.call is not None else None
    if before is None or inner is None or inner.name not in _RECURRENT:
        return None
    if inner.argument("return_sequences") is not False:
        return None
    return f"write `return_sequences: true` in `{before.name}`, which then gives every step"


def channels_last(node: GraphNode, inputs: Iterable[Tensor]) -> str | None:
    """Where a picture is written with its channels before its height and width, and the layer wants them last."""
    if node.call is None or node.call.argument("data_format") == "channels_first":
        return None
    for tensor in inputs:
        channels, *space = tensor.shape[1:] if tensor.shape is not None and len(tensor.shape) == 4 else (None,)
        if channels in (1, 3) and all(size is not None and size >= _PICTURE for size in space):
            return f"channels come last: [{space[0]}, {space[1]}, {channels}], as after `Permute: {{dims: [2, 3, 1]}}`"
    return None


def _takes_sequences(call: Call) -> bool:
    inner = wrapped(call)[-1]
    return (
        inner.name in _RECURRENT or call.name.endswith(("1D", "MultiHeadAttention")) or call.name == "TimeDistributed"
    )


def _before(graph: Graph, node: GraphNode) -> GraphNode | None:
    name = node.first().node if node.sources() else ""
    return graph.node(name) if name in graph else None
