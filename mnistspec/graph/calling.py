"""A nested model's inputs and what it is called on: shapes that are left open are those of the first call."""

from __future__ import annotations

from dataclasses import replace

from mnistspec.graph.parts import Graph
from mnistspec.shapes.base import Inputs, Shape, ShapeError, Tensor, show
from mnistspec.spec import InputSpec


def with_shapes(graph: Graph, inputs: Inputs) -> Graph:
    """The model with the shapes of inputs that say none taken from what it is called on.

    Raises: ShapeError where it is called on more tensors than it has inputs, or on fewer.
    """
    pairs = _pairs(graph, inputs)
    return replace(graph, inputs=tuple(_filled(given, tensor) for given, tensor in pairs))


def called_on(graph: Graph, inputs: Inputs) -> tuple[InputSpec, ...]:
    """The model's inputs with the shapes of what it is called on. Raises: ShapeError where these do not fit."""
    return tuple(_called(given, tensor) for given, tensor in _pairs(graph, inputs))


def _pairs(graph: Graph, inputs: Inputs) -> list[tuple[InputSpec, Tensor]]:
    given, wanted = len(inputs.tensors), len(graph.inputs)
    if given != wanted:
        names = ", ".join(f"`{one.name}`" for one in graph.inputs)
        message = f"the model has {_counted(wanted)} ({names}), and is called on {given}"
        raise ShapeError(message, help="name one node for each in `from`")
    return list(zip(graph.inputs, inputs.tensors, strict=True))


def _counted(number: int) -> str:
    return "one input" if number == 1 else f"{number} inputs"


def _filled(given: InputSpec, tensor: Tensor) -> InputSpec:
    if given.shape is not None or not given.complete or tensor.shape is None:
        return given
    return replace(_shaped(given, tensor.shape), dtype=given.dtype or tensor.dtype)


def _called(given: InputSpec, tensor: Tensor) -> InputSpec:
    if tensor.shape is None or given.shape is None:
        return replace(given, shape=None)
    if not _fits(given.shape, tensor.shape[1:]):
        message = f"its input `{given.name}` is {show((None, *given.shape))}, and is called on {show(tensor.shape)}"
        raise ShapeError(message, help="bring what it is called on to that shape, with Reshape for example")
    return _shaped(given, tensor.shape)


def _shaped(given: InputSpec, shape: Shape) -> InputSpec:
    return replace(given, shape=shape[1:], batch_size=shape[0])


def _fits(wanted: Shape, given: Shape) -> bool:
    """Whether the sizes agree, as far as both are known."""
    return len(wanted) == len(given) and all(
        one is None or other is None or one == other for one, other in zip(wanted, given, strict=True)
    )
