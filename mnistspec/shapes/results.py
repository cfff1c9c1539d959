"""Taking a rule's inputs apart and putting its result together: the steps that most rules begin and end with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import prod

from mnistspec.calls import Call
from mnistspec.shapes.arguments import whole_or_none
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Tensor
from mnistspec.shapes.dtypes import compute_dtype
from mnistspec.shapes.sizes import elements, scaled


def only(call: Call, inputs: Inputs) -> Tensor:
    """The tensor that a layer of one input is called on. Raises: ShapeError when it is called on a list."""
    if len(inputs.tensors) > 1:
        given = f"{call.name} takes one input, and is given {len(inputs.tensors)}"
        raise ShapeError(given, help="merge them first, with Concatenate or Add")
    if not inputs.single:
        raise ShapeError(f"{call.name} takes one input, and is given a list", help="write `from` without brackets")
    return inputs.first


@contextmanager
def inside(call: Call, argument: str, inner: Call) -> Iterator[None]:
    """Turns what a layer inside an argument refuses into a refusal of that argument that remembers the place."""
    try:
        yield
    except ShapeError as error:
        message = error.message if inner.name in error.message else f"{inner.name}: {error.message}"
        message = f"inside {call.name}, {message}"
        if error.argument in inner.facts.call_arguments:
            # What the outer layer's call has handed on.
            raise ShapeError(message, error.argument, error.help) from error
        place = error.span or (inner.span_of(error.argument) if error.argument is not None else None)
        raise ShapeError(message, argument, error.help, place) from error


def result(call: Call, shape: Shape | None, counts: tuple[int | None, int | None], flops: int | None) -> Inferred:
    """One output of the layer's compute dtype, with its trainable and non-trainable counts."""
    trainable, non_trainable = counts
    return Inferred((Tensor(shape, compute_dtype(call)),), trainable, non_trainable, flops)


def unknown(call: Call, counts: tuple[int | None, int | None] = (None, None)) -> Inferred:
    """One output of unknown shape, which still has the layer's dtype and whatever counts are known."""
    return result(call, None, counts, None)


def weightless(call: Call, shape: Shape | None, flops: int | None = 0) -> Inferred:
    """One output of a layer without parameters; its work is unknown where its shape is."""
    return result(call, shape, (0, 0), flops if shape is not None else None)


def has_activation(call: Call, name: str = "activation") -> bool:
    """Whether an activation is asked for that calculates something."""
    value = call.argument(name)
    return value not in (None, "linear") and not (isinstance(value, Call) and value.name == "linear")


def finishing_work(call: Call, shape: Shape) -> int | None:
    """The operations for adding a bias to the output and for the activation, where the layer has them."""
    return scaled(elements(shape), int(bool(call.argument("use_bias"))) + int(has_activation(call)))


def kernel_counts(call: Call, shape: Sequence[int], constraint: str = "kernel_constraint") -> tuple[int, int]:
    """The trainable and non-trainable parameters of a kernel, with `lora_rank`'s two thin matrices where it is given.

    Raises: ShapeError for a constraint together with `lora_rank`.
    """
    rank = whole_or_none(call, "lora_rank", 0)
    if not rank:
        return prod(shape), 0
    if call.argument(constraint) is not None:
        raise ShapeError(f"`lora_rank` and `{constraint}` of {call.name} exclude each other", "lora_rank")
    return prod(shape[:-1]) * rank + rank * shape[-1], prod(shape)
