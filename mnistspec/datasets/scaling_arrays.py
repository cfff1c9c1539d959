"""Arrays brought to another scale: divided, standardized or normalized by the statistics of the training examples."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeAlias

import numpy as np

from mnistspec.datasets.fitted import FittedStep, State
from mnistspec.datasets.loaded import Array
from mnistspec.datasets.options import Options, integer_or_none, number
from mnistspec.datasets.step_facts import StepProblem, fit_axes

Numbers: TypeAlias = tuple[float, ...]
_CHUNK = 2**22  # values worked on at a time, so that float64 copies stay small


class Examples(Protocol):
    """What steps are fitted on, a part at a time: an array (examples, ...), or examples prepared when taken."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    @property
    def ndim(self) -> int: ...

    def __getitem__(self, rows: slice, /) -> Any: ...


def rescale(fitted: FittedStep, array: Array) -> Array:
    """The array divided by a number, in float32."""
    result = array.astype(np.float32)
    result /= np.float32(number(fitted.options, "divisor"))
    return result


def fit_standardize(options: Options, array: Examples, classes: int | None) -> State:
    """Mean and standard deviation (1 where it is 0), one each or one for each place on the axis that keeps its own."""
    axes, count = _reduced(options, array)
    mean = sum(part.sum(axis=axes, dtype=np.float64) for part in chunks(array)) / count
    aligned = _aligned(mean, options, array.ndim)
    squares = sum(np.square(part.astype(np.float64) - aligned).sum(axis=axes) for part in chunks(array))
    deviation = np.sqrt(squares / count)
    return {"mean": _finite(mean), "deviation": _finite(np.where(deviation == 0, 1.0, deviation))}


def fit_normalize(options: Options, array: Examples, classes: int | None) -> State:
    """Smallest and largest value, one each or one for each place on the axis that keeps its own."""
    axes, _ = _reduced(options, array)
    found = [(part.min(axis=axes), part.max(axis=axes)) for part in chunks(array)]
    low, high = np.stack([low for low, _ in found]), np.stack([high for _, high in found])
    return {"minimum": _finite(low.min(axis=0)), "maximum": _finite(high.max(axis=0))}


def shift_and_scale(fitted: FittedStep, ndim: int) -> tuple[Array, Array]:
    """What is subtracted, then divided by (float64), in shapes that meet arrays (examples, ...) of `ndim` axes."""
    shift, scale = _LEARNT[fitted.name](fitted)
    return _aligned(shift, fitted.options, ndim), _aligned(scale, fitted.options, ndim)


def scales(fitted: FittedStep) -> Numbers:
    """All that a step divides by."""
    if fitted.name == "rescale":
        return (number(fitted.options, "divisor"),)
    return _LEARNT[fitted.name](fitted)[1] if fitted.name in _LEARNT else ()


def _mean_and_deviation(fitted: FittedStep) -> tuple[Numbers, Numbers]:
    return fitted.numbers("mean"), fitted.numbers("deviation")


def _minimum_and_range(fitted: FittedStep) -> tuple[Numbers, Numbers]:
    """The range is 1 where all training values were one."""
    low, high = fitted.numbers("minimum"), fitted.numbers("maximum")
    return low, tuple(1.0 if top == bottom else top - bottom for bottom, top in zip(low, high, strict=True))


_LEARNT: dict[str, Callable[[FittedStep], tuple[Numbers, Numbers]]] = {
    "standardize": _mean_and_deviation,
    "normalize": _minimum_and_range,
}


def _reduced(options: Options, array: Examples) -> tuple[tuple[int, ...], int]:
    """The axes (batch included) that statistics run over, and how many values go into each."""
    kept = {axis + 1 for axis in fit_axes(integer_or_none(options, "axis"), array.ndim - 1)}
    axes = tuple(axis for axis in range(array.ndim) if axis not in kept)
    return axes, math.prod(array.shape[axis] for axis in axes)


def chunks(array: Examples) -> Iterator[Array]:
    """The examples from the first to the last, so many at a time that copies of them stay small."""
    shape = array.shape
    rows = max(1, _CHUNK // max(1, math.prod(shape[1:])))
    for start in range(0, shape[0], rows):
        yield np.asarray(array[start : start + rows])


def _finite(values: Array) -> tuple[float, ...]:
    numbers = np.asarray(values, dtype=np.float64).reshape(-1)
    if not np.isfinite(numbers).all():
        raise StepProblem("some training values are not finite numbers, or so large that their sum is none")
    return tuple(numbers.tolist())


def _aligned(values: Array | Numbers, options: Options, ndim: int) -> Array:
    """Statistics in a shape that meets arrays (examples, ...) of `ndim` axes."""
    shape = [1] * ndim
    for axis in fit_axes(integer_or_none(options, "axis"), ndim - 1):
        shape[axis + 1] = -1
    return np.asarray(values, dtype=np.float64).reshape(shape)


def scaled(fitted: FittedStep, array: Array) -> Array:
    """`(array - shift) / scale` with what was learnt, worked out in float64 and kept as float32."""
    shifts, scales = shift_and_scale(fitted, array.ndim)
    if any(size not in (1, given) for size, given in zip(shifts.shape, array.shape, strict=True)):
        raise StepProblem(f"it was fitted on {shifts.size} values, which examples {array.shape[1:]} do not have")
    result = np.empty(array.shape, dtype=np.float32)
    start = 0
    for part in chunks(array):
        result[start : start + len(part)] = (part.astype(np.float64) - shifts) / scales
        start += len(part)
    return result
