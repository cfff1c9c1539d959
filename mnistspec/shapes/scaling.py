"""Shifting and scaling by numbers that are given, or that were measured on the data."""

from __future__ import annotations

from math import prod

from mnistspec.calls import Call, Value
from mnistspec.shapes.arguments import integers, items
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, show
from mnistspec.shapes.results import only, result, unknown, weightless
from mnistspec.shapes.sizes import axis_size, check_once, elements, required, scaled


def normalization(call: Call, inputs: Inputs) -> Inferred:
    """The input by the mean and variance along `axis`, which are weights and a count unless they are given."""
    axes = () if call.argument("axis") is None else integers(call, "axis")
    given = _given_statistics(call, len(axes))
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call) if given is None else weightless(call, None)
    sizes = {axis % len(shape): _definite(call, shape, axis) for axis in axes}
    work = scaled(elements(shape), 2)
    if given is None:
        _check_repeated(call, shape, axes)
        return result(call, shape, (0, 2 * prod(sizes.values()) + 1), work)
    _check_statistics(given, [sizes[axis] for axis in sorted(sizes)], shape)
    return weightless(call, shape, work)


def _definite(call: Call, shape: Shape, axis: int) -> int:
    return required(call, axis_size(call, shape, axis), shape, f"the size of axis {axis}")


def _check_repeated(call: Call, shape: Shape, axes: tuple[int, ...]) -> None:
    named = [axis % len(shape) for axis in axes]
    if any(shape[axis] != 1 and named.count(axis) > 1 for axis in named):
        check_once(call, shape, axes)


def _given_statistics(call: Call, axes: int) -> tuple[int, ...] | None:
    """The shape of the mean and variance that are given. Raises: ShapeError unless both are, and alike."""
    mean, variance = call.argument("mean"), call.argument("variance")
    if mean is None and variance is None:
        return None
    if mean is None or variance is None:
        missing = "mean" if mean is None else "variance"
        raise ShapeError(f"Normalization needs mean and variance together: `{missing}` is missing", missing)
    shape = _nested_shape(mean)
    if shape != _nested_shape(variance):
        raise ShapeError(f"`variance` must have the shape of `mean`, which is {show(shape)}", "variance")
    if len(shape) > axes:
        raise ShapeError(f"`mean` of shape {show(shape)} has more axes than `axis` names", "mean")
    return shape


def _nested_shape(value: Value) -> tuple[int, ...]:
    listed = items(value)
    if listed is None:
        return ()
    return (len(listed), *(_nested_shape(listed[0]) if listed else ()))


def _check_statistics(given: tuple[int, ...], sizes: list[int], shape: Shape) -> None:
    for count, size in zip(reversed(given), reversed(sizes), strict=False):
        if count not in (1, size):
            raise ShapeError(f"`mean` holds {count} numbers for an axis of {size}: the input is {show(shape)}", "mean")
