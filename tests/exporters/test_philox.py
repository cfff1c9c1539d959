"""The numbers that initial weights are made of, against TensorFlow's."""

from __future__ import annotations

import numpy as np
import pytest

from mnistspec.exporters import philox

pytestmark = pytest.mark.keras

_SEEDS = (0, 7, 347712783, 2**31 - 3)


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize("count", [1, 6, 4096])
def test_uniform_numbers_are_tensorflows_to_the_bit(seed: int, count: int) -> None:
    import tensorflow as tf

    expected = tf.random.stateless_uniform((count,), seed=[seed, 0]).numpy()
    assert philox.uniform(seed, count).tobytes() == expected.tobytes()


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize("name", ["normal", "truncated_normal"])
def test_normal_numbers_are_tensorflows_but_for_rounding(seed: int, name: str) -> None:
    import tensorflow as tf

    expected = getattr(tf.random, f"stateless_{name}")((10_001,), seed=[seed, 0]).numpy()
    found = getattr(philox, name)(seed, 10_001)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=3e-6, atol=1e-6)
    assert (found == expected).mean() > 0.9


def test_truncated_numbers_stay_within_two_deviations() -> None:
    found = philox.truncated_normal(5, 100_000)
    assert np.abs(found).max() < 2 and 0.87 < found.std() < 0.89
