"""What to change where an output's shape is not that of what it is to learn: a forgotten Flatten, most of the time."""

from __future__ import annotations

from mnistspec.calls import Call
from mnistspec.graph import GraphNode
from mnistspec.lints.outputs import Output
from mnistspec.shapes.base import Shape
from mnistspec.typed import TypedGraph
from mnistspec.wrapping import wrapped

# Layers that work on the last axis, or on each value, and leave the others as they are.
_KEEPING = frozenset(
    ["Dense", "Activation", "Softmax", "ReLU", "LeakyReLU", "PReLU", "ELU", "Dropout", "GaussianNoise",
     "GaussianDropout", "BatchNormalization", "LayerNormalization"]
)  # fmt: skip
_EQUAL = "the sizes have to be equal"


def way_out(typed: TypedGraph, output: Output) -> str:
    """The help line for an output that does not meet what it is to learn."""
    wanted, given = output.wanted, output.example
    if wanted is None or given is None:
        return _EQUAL
    if len(given) > 1 and _is_single(output, wanted):
        return _fewer_axes(typed, output, given)
    if _is_of_ids(output.loss) and len(wanted) == len(given) and wanted[-1] != 1:
        return "it takes a class id for each row: use `categorical_crossentropy` for one-hot rows"
    if given[:-1] in (wanted, wanted[:-1]):
        return _last_size(output, wanted[len(given) - 1 :] or (1,))
    if len(wanted) > 1 and len(given) > 1:
        return "bring both to the same sizes: change the layers, or prepare what is learnt in `data.prepare`"
    return _EQUAL


def _is_of_ids(loss: Call | None) -> bool:
    return loss is not None and loss.name == "SparseCategoricalCrossentropy"


def _last_size(output: Output, wanted: Shape) -> str:
    """As many values as are wanted, at every place; class ids may have a value for each class."""
    call = output.node.call if output.node is not None else None
    argument = next((name for name in ("units", "filters") if call is not None and name in call.arguments), None)
    if None in wanted:
        return _EQUAL
    count = f"write `{argument}: {wanted[-1]}`" if argument else f"give `{output.name}` a last size of {wanted[-1]}"
    dtype = output.target.dtype if output.target is not None else None
    if wanted == (1,) and dtype is not None and dtype.startswith(("int", "uint")):
        return f"{count}, or use `sparse_categorical_crossentropy` for class ids"
    return count


def _is_single(output: Output, wanted: Shape) -> bool:
    """Whether an example has one class id, or one row of values, to learn."""
    return len(wanted) == 0 or (len(wanted) == 1 and (wanted[0] in (1, output.size) or output.learns_rows))


def _fewer_axes(typed: TypedGraph, output: Output, given: Shape) -> str:
    first, before = _last_axis_only(typed, output.node)
    inner = wrapped(before.call)[-1] if before is not None and before.call is not None else None
    if before is not None and inner is not None and inner.argument("return_sequences") is True:
        return f"leave `return_sequences` out of `{before.name}`, which then gives its last step alone"
    layers = _joined(given, of_layer=before is not None)
    if first is not None:
        return f"add {layers} before `{first.name}`"
    return f"add {layers} and a `Dense` after `{output.name}`"


def _joined(given: Shape, of_layer: bool) -> str:
    """The layers that leave one axis, in the order in which they are mostly wanted."""
    space = len(given) - 1
    pooling = f"`GlobalAveragePooling{space}D`" if space in (1, 2, 3) else None
    if None in given[:-1] and pooling is not None:
        return pooling
    if not of_layer or pooling is None:
        return "`Flatten`"
    return f"{pooling} or `Flatten`" if space == 1 else f"`Flatten` or {pooling}"


def _last_axis_only(typed: TypedGraph, node: GraphNode | None) -> tuple[GraphNode | None, GraphNode | None]:
    """The first of the `Dense` layers that the model ends in, and the layer before them (None: an input)."""
    first: GraphNode | None = None
    while node is not None and node.call is not None and node.call.name in _KEEPING and node.sources():
        if node.call.name == "Dense":
            first = node
        name = node.first().node
        node = typed.graph.node(name) if name in typed.graph else None
    return first, node
