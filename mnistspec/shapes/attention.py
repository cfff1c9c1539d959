"""Attention: each step of a query as a mixture of the steps of a value, weighted by how well the keys match."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod

from mnistspec.calls import Call
from mnistspec.frozen import dataclass
from mnistspec.shapes.arguments import flag, integers, whole, whole_or_none, word
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape, ShapeError, Size, Tensor, show
from mnistspec.shapes.dtypes import compute_dtype
from mnistspec.shapes.sizes import check_minimum_rank, elements, product, required, scaled, total


def attention(additive: bool = False) -> Rule:
    """`[query, value]` or `[query, value, key]`, to the query with the value's features."""
    return partial(_attention, additive)


def _attention(additive: bool, call: Call, inputs: Inputs) -> Inferred:
    scored_by_sum = additive or word(call, "score_mode", ("dot", "concat")) == "concat"
    if inputs.single or len(inputs.tensors) not in (2, 3):
        message = f"{call.name} takes a list of two or three inputs: query, value and perhaps key"
        raise ShapeError(message, help="write `from: [NODE, NODE]`: query and value")
    _check_masks(call, inputs)
    shapes = [tensor.shape for tensor in inputs.tensors if tensor.shape is not None]
    if len(shapes) < len(inputs.tensors):
        return _scored(call, inputs, None, None, None if additive else _scalars(call), None)
    query, value, key = shapes[0], shapes[1], shapes[-1 if len(shapes) == 3 else 1]
    scores = _score_shape(call, query, key) if len(key) > 1 or _wants_scores(inputs) else None
    count = _scale_vector(call, query) if additive else _scalars(call)
    work = None if scores is None else _attention_work(scores, query[-1], value[-1], 4 if scored_by_sum else 2)
    return _scored(call, inputs, (*query[:-1], value[-1]), scores, count, work)


def _check_masks(call: Call, inputs: Inputs) -> None:
    masks = inputs.named.get("mask")
    if masks is not None and (isinstance(masks, Tensor) or len(masks) not in (2, 3)):
        message = f"{call.name} takes a list of two or three masks: of query, value and perhaps key"
        raise ShapeError(message, help="write `from: {inputs: [NODE, NODE], mask: [NODE, NODE]}`")


def _wants_scores(inputs: Inputs) -> bool:
    return bool(inputs.arguments.get("return_attention_scores"))


def _scored(
    call: Call, inputs: Inputs, output: Shape | None, scores: Shape | None, count: int | None, work: int | None
) -> Inferred:
    """The output, and after it the scores where the call asks for them."""
    shapes = (output, scores) if _wants_scores(inputs) else (output,)
    frozen = None if count is None else 0
    return Inferred(tuple(Tensor(shape, compute_dtype(call)) for shape in shapes), count, frozen, work)


def _score_shape(call: Call, query: Shape, key: Shape) -> Shape:
    check_minimum_rank(call, key, 2)
    return (*query[:-1], key[-2])


def _scalars(call: Call) -> int:
    return int(flag(call, "use_scale")) + int(call.argument("score_mode") == "concat")


def _scale_vector(call: Call, query: Shape) -> int:
    return required(call, query[-1], query, "the last size") if flag(call, "use_scale") else 0


def _attention_work(scores: Shape, features: Size, values: Size, each: int) -> int | None:
    """Scores of `each` operations a feature, their softmax, and the mixture of the values."""
    if features is None or values is None:
        return None
    return scaled(elements(scores), each * features + 1 + 2 * values)


@dataclass(frozen=True)
class _Heads:
    """How many heads look at the queries and at the keys, and the sizes they take of a key and of a value."""

    queries: int
    keys: int
    key_size: int
    value_size: int


def _called_on(call: Call, inputs: Inputs) -> tuple[Shape | None, Shape | None, Shape | None]:
    """The shapes of query, value and key, which is the value where it is not given."""
    help = "write `from: {query: NODE, value: NODE}`"
    if not inputs.single or len(inputs.tensors) > 1:
        raise ShapeError(f"{call.name} takes its inputs by name, and is given a list", help=help)
    value = inputs.named.get("value")
    if not isinstance(value, Tensor):
        raise ShapeError(f"{call.name} needs a query and a value, and is given only the query", help=help)
    key = inputs.named.get("key")
    return inputs.first.shape, value.shape, key.shape if isinstance(key, Tensor) else value.shape


def _check_flash(call: Call) -> None:
    if call.argument("flash_attention") and call.argument("dropout"):
        raise ShapeError("flash attention cannot drop out: `dropout` must be 0 with it", "flash_attention")


def _check_steps(call: Call, value: Shape, key: Shape) -> None:
    if value[1:-1] != key[1:-1]:
        message = f"{call.name} needs value and key to agree in all but the last size"
        raise ShapeError(f"{message}, and is given {show(value)} and {show(key)}")


def _projections(call: Call, heads: _Heads, shapes: Sequence[Shape], output: int) -> int:
    """The parameters of the dense layers before and after the heads, and of the gate's."""
    query, value, key = (required(call, shape[-1], shape, "the last size") for shape in shapes)
    bias = int(flag(call, "use_bias"))
    for_queries = (query + bias) * heads.queries * heads.key_size
    for_keys = (key + bias) * heads.keys * heads.key_size
    for_values = (value + bias) * heads.keys * heads.value_size
    gate = (query + bias) * heads.queries * heads.value_size if flag(call, "use_gate") else 0
    return for_queries + for_keys + for_values + gate + (heads.queries * heads.value_size + bias) * output


def _heads_work(call: Call, heads: _Heads, shapes: Sequence[Shape], attended: Size, output: int) -> int | None:
    """The dense layers at each step, and for each head and query the scores, their softmax and the mixture."""
    query, value, key = shapes
    bias = 1 if flag(call, "use_bias") else 0
    steps, value_steps = product(query[1:-1]), product(value[1:-1])
    gate = 1 if flag(call, "use_gate") else 0
    per_query = (2 * (query[-1] or 0) + bias) * heads.queries * (heads.key_size + gate * heads.value_size)
    per_query += 2 * gate * heads.queries * heads.value_size
    per_query += (2 * heads.queries * heads.value_size + bias) * output
    per_value = (2 * (key[-1] or 0) + bias) * heads.keys * heads.key_size
    per_value += (2 * (value[-1] or 0) + bias) * heads.keys * heads.value_size
    per_pair = heads.queries * (2 * heads.key_size + 1 + 2 * heads.value_size)
    return total(
        (scaled(steps, per_query), scaled(value_steps, per_value), scaled(product((steps, attended)), per_pair))
    )


def multi_head_attention(call: Call, inputs: Inputs) -> Inferred:
    """`query (batch, ..., features)`, `value` and perhaps `key` to the query's shape, or `output_shape` at its end."""
    heads_count, key_size = whole(call, "num_heads"), whole(call, "key_dim")
    heads = _Heads(heads_count, heads_count, key_size, whole_or_none(call, "value_dim") or key_size)
    whole_or_none(call, "sliding_window")
    _check_flash(call)
    query, value, key = _called_on(call, inputs)
    if query is None or value is None or key is None:
        return _scored(call, inputs, None, None, None, None)
    _check_steps(call, value, key)
    axes = _attention_axes(call, len(value) + 1)
    for shape in (query, value):
        check_minimum_rank(call, shape, 2)
    if not axes and call.argument("attention_axes") is None:
        # Keras builds it, and no batch passes its softmax.
        message = f"{call.name} attends along axes between the batch and the features, and {show(value)} has none"
        raise ShapeError(message, help="give it steps: an axis more before the last")
    last = _output_sizes(call) or (required(call, query[-1], query, "the last size"),)
    shapes = (query, value, key)
    count = _projections(call, heads, shapes, prod(last))
    attended = product(value[axis] for axis in axes if -len(value) <= axis < len(value))
    work = _heads_work(call, heads, shapes, attended, prod(last))
    scores = (query[0], heads.queries, query[1], query[1])
    return _scored(call, inputs, (*query[:-1], *last), scores, count, work)


def _output_sizes(call: Call) -> tuple[int, ...]:
    return integers(call, "output_shape") if call.argument("output_shape") else ()


def _attention_axes(call: Call, rank: int) -> tuple[int, ...]:
    """The axes that are attended over: all but the batch and the last. `rank` counts the axes with the heads'."""
    if call.argument("attention_axes") is None:
        return tuple(range(1, rank - 2))
    axes = tuple(axis if axis >= 0 else rank - 1 + axis for axis in integers(call, "attention_axes"))
    for axis in axes:
        if not -rank <= axis < rank:
            message = f"`attention_axes` names axis {axis}, which an input of {rank - 1} axes does not have"
            raise ShapeError(message, "attention_axes")
    return axes


def group_query_attention(call: Call, inputs: Inputs) -> Inferred:
    """`query`, `value` and perhaps `key`, each `(batch, steps, features)`, to the query's shape."""
    heads = _grouped_heads(call)
    whole_or_none(call, "sliding_window")
    _check_flash(call)
    query, value, key = _called_on(call, inputs)
    if query is None or value is None or key is None:
        return _scored(call, inputs, None, None, None, None)
    for shape in (query, value, key):
        check_minimum_rank(call, shape, 3)
    if query[-1] != value[-1]:
        message = f"{call.name} needs query and value to agree in the last size"
        raise ShapeError(f"{message}, and is given {show(query)} and {show(value)}")
    if max(len(query), len(value), len(key)) > 3:
        return _scored(call, inputs, None, None, None, None)
    _check_steps(call, value, key)
    shapes = (query, value, key)
    features = required(call, query[-1], query, "the last size")
    count = _projections(call, heads, shapes, features)
    work = _heads_work(call, heads, shapes, value[1], features)
    scores = (query[0], heads.queries, query[1], key[1])
    return _scored(call, inputs, query, scores, count, work)


def _grouped_heads(call: Call) -> _Heads:
    queries, keys = whole(call, "num_query_heads"), whole(call, "num_key_value_heads")
    if queries % keys:
        message = f"{queries} query heads cannot be shared out among {keys} key and value heads"
        raise ShapeError(message, "num_key_value_heads", f"use a divisor of {queries}")
    size = whole(call, "head_dim")
    return _Heads(queries, keys, size, size)
