"""Layers that Keras keeps inside its applications: those of ConvNeXt and of Inception-ResNet."""

from __future__ import annotations

from mnistspec.shapes.arguments import whole
from mnistspec.shapes.base import Inferred, Inputs, ShapeError, show
from mnistspec.shapes.merging import elementwise
from mnistspec.shapes.results import only, result, unknown
from mnistspec.shapes.sizes import elements, scaled
from mnistspec.spec import Call

_SUM = elementwise(2, 2)


def scaled_sum(call: Call, inputs: Inputs) -> Inferred:
    """The first of two inputs and the second times `scale`, added: two operations an element."""
    summed = _SUM(call, inputs)
    shape = summed.outputs[0].shape
    return result(call, shape, (0, 0), None if shape is None else scaled(elements(shape), 2))


def layer_scale(call: Call, inputs: Inputs) -> Inferred:
    """The input times a weight for each of `projection_dim` features: one operation an element."""
    shape, size = only(call, inputs).shape, whole(call, "projection_dim")
    if shape is None:
        return unknown(call, (size, 0))
    if shape[-1] not in (None, 1, size) and size != 1:
        raise ShapeError(f"{call.name} scales {size} features, and is given {show(shape)}", "projection_dim")
    output = (*shape[:-1], shape[-1] if size == 1 else size)
    return result(call, output, (size, 0), scaled(elements(output), 1))
