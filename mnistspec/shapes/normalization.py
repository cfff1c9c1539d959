"""Normalizations: shift and scale by statistics of a batch, of each example, or of a weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

from mnistspec.calls import Call
from mnistspec.shapes.arguments import flag, integers, refuse
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Tensor, show
from mnistspec.shapes.dtypes import compute_dtype
from mnistspec.shapes.results import only, result, unknown
from mnistspec.shapes.sizes import axis_size, check_once, elements, required, scaled, total

# Operations an element: with fixed statistics, a multiplication and an addition; otherwise also the mean (1), and the
# variance from the differences (3); root mean square and length need no mean.
_FIXED, _MEASURED, _MEASURED_SQUARES = 2, 6, 4


def batch_normalization(call: Call, inputs: Inputs) -> Inferred:
    """The input by the means and variances along `axis` that training has collected."""
    axis = _one_axis(call)
    _check_clipping(call)
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call)
    size = required(call, axis_size(call, shape, axis), shape, f"the size of axis {axis}")
    statistics = 5 if call.argument("renorm") else 2
    counts = (size * (flag(call, "center") + flag(call, "scale")), size * statistics)
    return result(call, shape, counts, scaled(elements(shape), _FIXED))


def _check_clipping(call: Call) -> None:
    """Raises: ShapeError for bounds of a renormalization that Keras does not have, or that contradict each other."""
    bounds = call.argument("renorm_clipping")
    if not isinstance(bounds, Mapping) or not call.argument("renorm"):
        return
    other = next((name for name in bounds if name not in ("rmax", "rmin", "dmax")), None)
    if other is not None:
        raise ShapeError(f"`renorm_clipping` has no bound `{other}`", "renorm_clipping", "it has rmax, rmin and dmax")
    low, high, most = (bounds.get(name) for name in ("rmin", "rmax", "dmax"))
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and high < low:
        raise ShapeError(f"`rmax` is {high}, and `rmin` {low}", "renorm_clipping", "`rmax` is the larger one")
    if isinstance(most, (int, float)) and most < 0:
        raise ShapeError(f"`dmax` is {most}, and how far to shift is at least 0", "renorm_clipping", f"write {-most}")


def _one_axis(call: Call) -> int:
    axis = call.argument("axis")
    if not isinstance(axis, int) or isinstance(axis, bool):
        raise refuse(call, "axis", "an integer")
    return axis


def _weights(call: Call, shape: Shape, axes: Iterable[int]) -> int:
    return prod(required(call, axis_size(call, shape, axis), shape, f"the size of axis {axis}") for axis in axes)


def layer_normalization(call: Call, inputs: Inputs) -> Inferred:
    """Each example by its own mean and variance along `axis`."""
    axes = integers(call, "axis")
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call)
    _check_axes(call, shape, axes)
    # The old way to scale by squares: without an offset, and never without a factor.
    squares = flag(call, "rms_scaling")
    vectors = (flag(call, "center") and not squares) + (flag(call, "scale") or squares)
    count = vectors * _weights(call, shape, axes) if vectors else 0
    return result(call, shape, (count, 0), scaled(elements(shape), _MEASURED))


def rms_normalization(call: Call, inputs: Inputs) -> Inferred:
    """Each example by its root mean square along `axis`."""
    axes = integers(call, "axis")
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call)
    _check_axes(call, shape, axes)
    weights = _weights(call, shape, axes)
    _check_factors(call, shape, axes)
    return result(call, shape, (weights, 0), scaled(elements(shape), _MEASURED_SQUARES))


def _check_axes(call: Call, shape: Shape, axes: tuple[int, ...]) -> None:
    for axis in axes:
        axis_size(call, shape, axis)
    check_once(call, shape, axes)


def _check_factors(call: Call, shape: Shape, axes: tuple[int, ...]) -> None:
    """Raises: ShapeError for factors that do not meet the last axes, which Keras multiplies whatever `axis` says."""
    factors = tuple(shape[axis] for axis in sorted(axis % len(shape) for axis in axes))
    if any(factor not in (1, size) for factor, size in zip(reversed(factors), reversed(shape), strict=False)):
        message = f"{call.name} multiplies the last axes of {show(shape)} by its factors of {show(factors)}"
        raise ShapeError(message, "axis", "name the last axes, as in `axis: -1`, or put a Permute before it")


def unit_normalization(call: Call, inputs: Inputs) -> Inferred:
    """Each example to length 1 along `axis`; a list of inputs gives a list."""
    for tensor in inputs.tensors:
        if tensor.shape is not None:
            _check_axes(call, tensor.shape, integers(call, "axis"))
    outputs = tuple(Tensor(tensor.shape, compute_dtype(call)) for tensor in inputs.tensors)
    work = total(elements(tensor.shape) if tensor.shape is not None else None for tensor in outputs)
    return Inferred(outputs, 0, 0, scaled(work, _MEASURED_SQUARES))


def group_normalization(call: Call, inputs: Inputs) -> Inferred:
    """Each example by the means and variances of groups of its channels."""
    groups, axis = call.argument("groups"), _one_axis(call)
    if not isinstance(groups, int) or isinstance(groups, bool) or (groups < 1 and groups != -1):
        raise refuse(call, "groups", "an integer of at least 1, or -1 for a group a channel")
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call)
    size = required(call, axis_size(call, shape, axis), shape, f"the size of axis {axis}")
    if groups != -1 and size % groups:
        message = f"{size} channels cannot be shared out among {groups} groups: the input is {show(shape)}"
        raise ShapeError(message, "groups", f"use a divisor of {size}, or -1 for a group a channel")
    count = size * (flag(call, "center") + flag(call, "scale"))
    return result(call, shape, (count, 0), scaled(elements(shape), _MEASURED))
