"""Initial weights that are the same on every backend: what Keras' initializers draw on TensorFlow, drawn by NumPy.

Keras leaves the drawing to the backend, so that one seed gives other weights on each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from keras.src.backend import random as backend_random

from mnistspec.exporters import philox

# The largest seed that TensorFlow's functions take; Keras brings larger ones below it.
_SEEDS = 2**31 - 2
_DRAWS: dict[str, Callable[[int, int], philox.Floats]] = {
    "uniform": philox.uniform,
    "normal": philox.normal,
    "truncated_normal": philox.truncated_normal,
}


@contextmanager
def the_same_on_every_backend() -> Iterator[None]:
    """Has initializers with a seed of their own draw as on TensorFlow, on any other backend."""
    if keras.backend.backend() == "tensorflow":
        yield
        return
    # The initializers look these functions up in the backend's module; no public way leads there.
    before = {name: getattr(backend_random, name) for name in _DRAWS}
    for name in _DRAWS:
        setattr(backend_random, name, _drawing(name, before[name]))
    try:
        yield
    finally:
        for name, function in before.items():
            setattr(backend_random, name, function)


def _drawing(name: str, of_backend: Callable[..., Any]) -> Callable[..., Any]:
    """The function of Keras by that name, its numbers NumPy's where the seed is a number and they are of float32."""

    def drawn(shape: Sequence[int], *in_order: Any, dtype: Any = None, seed: Any = None, **spread: float) -> Any:
        if in_order or not isinstance(seed, int) or keras.backend.standardize_dtype(dtype) != "float32":
            return of_backend(shape, *in_order, dtype=dtype, seed=seed, **spread)
        numbers = _DRAWS[name](seed % _SEEDS, math.prod(shape)).reshape(tuple(shape))
        return keras.ops.convert_to_tensor(_SPREADS[name](numbers, **spread))

    return drawn


def _between(numbers: philox.Floats, minval: float = 0.0, maxval: float = 1.0) -> philox.Floats:
    low, high = np.float32(minval), np.float32(maxval)
    return numbers * (high - low) + low


def _around(numbers: philox.Floats, mean: float = 0.0, stddev: float = 1.0) -> philox.Floats:
    return numbers * np.float32(stddev) + np.float32(mean)


_SPREADS: dict[str, Callable[..., philox.Floats]] = {
    "uniform": _between,
    "normal": _around,
    "truncated_normal": _around,
}
