"""Embeddings: a row of a table for each integer."""

from __future__ import annotations

from mnistspec.calls import Call
from mnistspec.shapes.arguments import flag, whole
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError
from mnistspec.shapes.results import kernel_counts, only, result, unknown
from mnistspec.shapes.sizes import check_minimum_rank, elements, scaled


def embedding(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, ...)` to `(batch, ..., output_dim)`."""
    counts = _table(call)
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call, counts)
    return result(call, (*shape, whole(call, "output_dim")), counts, 0)


def _table(call: Call) -> tuple[int, int]:
    table = (whole(call, "input_dim"), whole(call, "output_dim"))
    return kernel_counts(call, table, "embeddings_constraint")


def reversible_embedding(call: Call, inputs: Inputs) -> Inferred:
    """An embedding, or with `reverse` in the call the way back: `(batch, ..., output_dim)` to `(..., input_dim)`."""
    trainable, frozen = _table(call)
    rows, columns = whole(call, "input_dim"), whole(call, "output_dim")
    tied = flag(call, "tie_weights")
    if frozen and not tied:
        # Keras closes the layer to new weights once it has added those of `lora_rank`.
        raise ShapeError("`lora_rank` of ReversibleEmbedding needs `tie_weights`", "lora_rank")
    counts = (trainable + (0 if tied else rows * columns), frozen)
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call, counts)
    if not inputs.arguments.get("reverse"):
        return result(call, (*shape, columns), counts, 0)
    check_minimum_rank(call, shape, 1)
    output: Shape = (*shape[:-1], rows)
    return result(call, output, counts, scaled(elements(output), 2 * columns))
