"""What a graph prepares is, bit for bit, what NumPy prepares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mnistspec.datasets.fitted import FittedStep
from mnistspec.datasets.stored import Stored
from mnistspec.datasets.waiting import SCALING, SHAPING

pytestmark = pytest.mark.keras

_PLACES = {"axis": -1}
STEPS = {
    "rescale": FittedStep("rescale", {"divisor": 255}),
    "rescale by a fraction": FittedStep("rescale", {"divisor": 0.3}),
    "standardize": FittedStep("standardize", {"axis": None}, {"mean": (33.318421,), "deviation": (78.567490,)}),
    "standardize each": FittedStep(
        "standardize", _PLACES, {"mean": (0.1, -5.3, 99.9, 1e3), "deviation": (0.7, 13.0, 1.0, 1e4)}
    ),
    "normalize": FittedStep("normalize", {"axis": None}, {"minimum": (3.0,), "maximum": (251.0,)}),
    "normalize each": FittedStep(
        "normalize", _PLACES, {"minimum": (0.0, 1.0, 2.0, 3.0), "maximum": (0.0, 7.0, 255.0, 4e4)}
    ),
    "cast": FittedStep("cast", {"dtype": "float32"}),
    "expand_dims": FittedStep("expand_dims", {"axis": 0}),
    "reshape": FittedStep("reshape", {"shape": (-1, 1)}),
}
CHAINS = [(name,) for name in STEPS if not name.endswith(("each", "dims", "shape"))] + [
    ("cast", "standardize each"),
    ("normalize each", "reshape"),
    ("expand_dims", "rescale"),
    ("rescale", "standardize each", "reshape"),
]


def every_value(dtype: str) -> NDArray[Any]:
    """Every value that there is, four an example."""
    if dtype == "bool":
        return np.array([[True, False, False, True]] * 64)
    ends = np.iinfo(dtype)
    return np.arange(int(ends.min), int(ends.max) + 1).astype(dtype).reshape(-1, 4)


def test_every_step_that_can_wait_is_tested_here() -> None:
    assert {step.name for step in STEPS.values()} == SCALING | SHAPING | {"cast"}


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "uint16", "int16"])
def test_every_value_of_every_dtype_comes_out_alike(dtype: str, compiled: bool) -> None:
    import tensorflow as tf

    from mnistspec.training.feeding import Feed

    values = every_value(dtype)
    rows = np.random.default_rng(0).permutation(len(values))
    held = {
        f"chain_{number}": Stored(values, tuple(STEPS[name] for name in names)) for number, names in enumerate(CHAINS)
    }
    feed = Feed(held)

    def both(given: Any) -> Any:
        """Inside a loop too, as a training has it: what does not change in one may be worked out before it."""
        found = tf.while_loop(
            lambda number, _: number < 2,
            lambda number, _: (number + 1, feed.form.gathered(given, tf.constant(rows))),
            (0, feed.first(len(values))),
        )[1]
        return found, feed.form.sliced(given, tf.constant(3), 20)

    gathered, sliced = tf.function(both, jit_compile=compiled, autograph=False)(feed.given)
    for name, each in held.items():
        wanted = each.whole()
        assert (gathered[name].numpy().dtype, gathered[name].shape) == (wanted.dtype, wanted.shape)
        assert gathered[name].numpy().tobytes() == wanted[rows].tobytes()
        assert sliced[name].numpy().tobytes() == wanted[3:23].tobytes()


def test_dividing_by_what_the_graph_knows_is_the_trap_that_numbers_avoid() -> None:
    """Where this fails one day, the detour over arguments is no longer needed."""
    import tensorflow as tf

    values = np.arange(256, dtype=np.uint8)
    wanted = values.astype(np.float32) / np.float32(255)
    known = tf.function(lambda array: tf.cast(array, tf.float32) / np.float32(255), autograph=False)
    assert known(tf.constant(values)).numpy().tobytes() != wanted.tobytes()
