"""The preparation steps that can wait as operations in a graph: from the same numbers, the very bits of NumPy's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import keras
import numpy as np
from numpy.typing import NDArray

from mnistspec.datasets.fitted import FittedStep
from mnistspec.datasets.options import number
from mnistspec.datasets.scaling_arrays import shift_and_scale
from mnistspec.datasets.step_arrays import apply
from mnistspec.datasets.stored import Stored
from mnistspec.frozen import dataclass

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Operation:
    """A step in a graph: `run` takes a batch and `numbers` as tensors.

    The numbers have to be arguments of the graph: instead of dividing by what it knows beforehand it multiplies by the
    reciprocal, which is rounded.
    """

    numbers: tuple[Array, ...]
    run: Callable[[Any, Sequence[Any]], Any]


def operations(held: Stored) -> tuple[Operation, ...]:
    """The steps that are still to come, in their order."""
    made: list[Operation] = []
    example = Stored(held.raw[:1], ()).whole()
    for step in held.steps:
        made.append(_MAKERS[step.name](step, example))
        example = apply(step, example)
    return tuple(made)


def _rescale(step: FittedStep, example: Array) -> Operation:
    return Operation((np.asarray(number(step.options, "divisor"), np.float32),), _divided)


def _scaled(step: FittedStep, example: Array) -> Operation:
    return Operation(shift_and_scale(step, example.ndim), _moved_and_divided)


def _cast(step: FittedStep, example: Array) -> Operation:
    return Operation((), _as_float32)


def _shaped(step: FittedStep, example: Array) -> Operation:
    shape = apply(step, example).shape[1:]

    def run(batch: Any, numbers: Sequence[Any]) -> Any:
        return keras.ops.reshape(batch, (-1, *shape))

    return Operation((), run)


def _as_float32(batch: Any, numbers: Sequence[Any]) -> Any:
    return keras.ops.cast(batch, "float32")


def _divided(batch: Any, numbers: Sequence[Any]) -> Any:
    single = _as_float32(batch, ())
    return single / _spread(numbers[0], single)


def _spread(number: Any, batch: Any) -> Any:
    """A divisor as JAX's compiler has to see it, one for each value: one for all it turns into a factor, rounded."""
    if keras.backend.backend() != "jax":
        return number
    import jax

    return jax.lax.optimization_barrier(jax.numpy.broadcast_to(number, batch.shape))


def _moved_and_divided(batch: Any, numbers: Sequence[Any]) -> Any:
    import tensorflow as tf  # JAX has no double precision unless all of it is told so: see `waiting.SINGLE`

    shift, scale = numbers
    return _as_float32((tf.cast(batch, tf.float64) - shift) / scale, ())


_MAKERS: dict[str, Callable[[FittedStep, Array], Operation]] = {
    "rescale": _rescale,
    "standardize": _scaled,
    "normalize": _scaled,
    "cast": _cast,
    "expand_dims": _shaped,
    "reshape": _shaped,
}
