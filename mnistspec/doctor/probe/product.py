"""A real matrix product and row sums on one device: are they right, and how fast is the product.

The product comes from a vendor's library (cuBLAS, oneDNN) and the sums from a kernel of TensorFlow's own: a GPU may run
the one and not the other.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import tensorflow as tf

SEED = 7
CHECKED_ROWS = 16
# float32 sums of a few thousand positive terms stay within about 1e-6 of NumPy's float64; wrong ones are far off.
TOLERANCE = 1e-4
LONG_ENOUGH_SECONDS = 0.25


def measure_product(device: str, size: int) -> dict[str, Any]:
    """The rate (GFLOP/s) of a `size` x `size` float32 product on a device, and the largest relative error in it.

    The error is taken in full float32: a GPU's TensorFloat-32 is off for it and, as users have it, on for the rate.
    """
    random = np.random.default_rng(SEED)
    left, right = (random.random((size, size), dtype=np.float32) for _ in range(2))
    with tf.device(device):
        a, b = tf.constant(left), tf.constant(right)
        error = max(_product_error(a, b, left, right), _sum_error(a, left))
        seconds = _seconds(a, b)
    gflops = 2 * size**3 / seconds / 1e9
    return {"size": size, "gflops": round(gflops, 1), "error": error, "right": error <= TOLERANCE}


def _product_error(a: Any, b: Any, left: Any, right: Any) -> float:
    """The largest relative error of some rows of the product, against NumPy in float64."""
    fast = tf.config.experimental.tensor_float_32_execution_enabled()
    tf.config.experimental.enable_tensor_float_32_execution(False)
    try:
        rows = tf.linalg.matmul(a, b).numpy()[:: max(1, len(left) // CHECKED_ROWS)]
    finally:
        tf.config.experimental.enable_tensor_float_32_execution(fast)
    expected = left[:: max(1, len(left) // CHECKED_ROWS)].astype(np.float64) @ right.astype(np.float64)
    return _largest(rows, expected)


def _sum_error(a: Any, left: Any) -> float:
    """The largest relative error of the running sums' ends, against NumPy in float64."""
    return _largest(tf.cumsum(a, axis=1).numpy()[:, -1], left.sum(axis=1, dtype=np.float64))


def _largest(found: Any, expected: Any) -> float:
    """The largest relative error; 1 where something is not finite."""
    error = float(np.max(np.abs(found - expected) / expected))
    return error if np.isfinite(error) else 1.0


def _seconds(a: Any, b: Any) -> float:
    """The time of one product, from as many as fill a quarter of a second."""
    repeats, elapsed = 1, 0.0
    while elapsed < LONG_ENOUGH_SECONDS:
        repeats *= 2
        elapsed = _elapsed(a, b, repeats)
    return elapsed / repeats


def _elapsed(a: Any, b: Any, repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        product = tf.linalg.matmul(a, b)
    float(product[0, 0])  # a GPU works behind the caller's back: reading a number waits for it
    return time.perf_counter() - start
