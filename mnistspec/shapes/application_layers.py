"""Layers that Keras keeps inside its applications: those of ConvNeXt and of Inception-ResNet."""

from __future__ import annotations

from mnistspec.calls import Call
from mnistspec.shapes.arguments import whole
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Tensor, show
from mnistspec.shapes.broadcasting import broadcast
from mnistspec.shapes.dtypes import compute_dtype
from mnistspec.shapes.results import only
from mnistspec.shapes.sizes import elements, scaled


def scaled_sum(call: Call, inputs: Inputs) -> Inferred:
    """The first of two inputs and the second times `scale`, added: two operations an element."""
    if inputs.single or len(inputs.tensors) != 2:
        raise ShapeError(f"{call.name} takes a list of two inputs", help="write `from: [NODE, ...]`")
    known = [tensor.shape for tensor in inputs.tensors if tensor.shape is not None]
    return _given(call, inputs, broadcast(call, known) if len(known) == 2 else None, 0, 2)


def layer_scale(call: Call, inputs: Inputs) -> Inferred:
    """The input times a weight for each of `projection_dim` features: one operation an element."""
    shape, size = only(call, inputs).shape, whole(call, "projection_dim")
    if shape is None:
        return _given(call, inputs, None, size, 1)
    if shape[-1] not in (None, 1, size) and size != 1:
        raise ShapeError(f"{call.name} scales {size} features, and is given {show(shape)}", "projection_dim")
    return _given(call, inputs, (*shape[:-1], shape[-1] if size == 1 else size), size, 1)


def _given(call: Call, inputs: Inputs, shape: Shape | None, parameters: int, work: int) -> Inferred:
    """One tensor in the dtype that the layer computes in; booleans stay what they are."""
    booleans = all(tensor.dtype == "bool" for tensor in inputs.tensors)
    flops = None if shape is None else scaled(elements(shape), work)
    return Inferred((Tensor(shape, "bool" if booleans else compute_dtype(call)),), parameters, 0, flops)
