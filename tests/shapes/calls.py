"""Calls and inputs for the tests of the shape rules, made from the catalogue as binding would make them."""

from __future__ import annotations

from mnistspec.calls import Call, Value
from mnistspec.catalogue import load
from mnistspec.shapes.base import Inputs, Shape, Tensor
from mnistspec.source import Source, Span

_NOWHERE = Span(Source(""), 0, 0)


def call(name: str, /, **arguments: Value) -> Call:
    """`Dense: {units: 3}` is `call("Dense", units=3)`."""
    return Call(load()["layers"].classes[name], arguments, _NOWHERE)


def on(shape: Shape | None, dtype: str = "float32") -> Inputs:
    """One tensor."""
    return Inputs((Tensor(shape, dtype),))


def on_list(*shapes: Shape | None, dtype: str = "float32") -> Inputs:
    """A list of tensors."""
    return Inputs(tuple(Tensor(shape, dtype) for shape in shapes), single=False)


def by_name(**shapes: Shape | tuple[Shape, ...]) -> Inputs:
    """Tensors by call argument, the first being what the layer is called on; a tuple of shapes is a list of tensors."""
    first, *others = ((name, _tensors(given)) for name, given in shapes.items())
    several = isinstance(first[1], tuple)
    return Inputs(first[1] if isinstance(first[1], tuple) else (first[1],), dict(others), single=not several)


def _tensors(given: Shape | tuple[Shape, ...]) -> Tensor | tuple[Tensor, ...]:
    if given and isinstance(given[0], tuple):
        return tuple(Tensor(shape) for shape in given if isinstance(shape, tuple))
    return Tensor(tuple(size for size in given if not isinstance(size, tuple)))
