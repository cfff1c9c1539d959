from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mnistspec.language import ORDER
from mnistspec.training.order import EpochOrder, permutation


@pytest.mark.parametrize("count", [0, 1, 2, 99])
def test_every_example_comes_once_an_epoch(count: int) -> None:
    assert sorted(permutation(7, 3, count).tolist()) == list(range(count))


def test_each_epoch_and_each_seed_has_an_order_of_its_own() -> None:
    orders = {tuple(permutation(seed, epoch, 50).tolist()) for seed in range(4) for epoch in range(4)}
    assert len(orders) == 16


def test_the_order_is_the_one_published_runs_were_made_with() -> None:
    """Held down to the numbers: another order would change every run that a spec has ever given."""
    assert permutation(0, 0, 10).tolist() == [0, 7, 8, 6, 9, 5, 1, 3, 2, 4]
    assert permutation(7, 1, 10).tolist() == [1, 9, 2, 8, 5, 0, 4, 3, 7, 6]


def test_it_is_the_order_that_resolved_specs_state() -> None:
    stated: dict[str, Any] = {"numpy": np, "seed": 7, "epoch": 1, "examples": 10}
    exec(f"order = {ORDER}", stated)
    assert stated["order"].tolist() == permutation(7, 1, 10).tolist()


def test_the_largest_seed_and_a_late_epoch_have_an_order() -> None:
    assert sorted(permutation(2**32 - 1, 10_000, 5).tolist()) == [0, 1, 2, 3, 4]


def test_the_order_does_not_touch_numpy_s_own_generator() -> None:
    np.random.seed(5)
    expected = np.random.random()
    np.random.seed(5)
    permutation(1, 1, 100)
    assert np.random.random() == expected


def test_the_order_under_way_is_that_of_the_epoch_set() -> None:
    order = EpochOrder(7, 10, shuffle=True)
    order.epoch = 1
    assert order.current().tolist() == order.of(1).tolist() == permutation(7, 1, 10).tolist()
    assert order.of(0).tolist() != order.of(1).tolist()


def test_without_shuffling_the_examples_come_as_they_lie() -> None:
    order = EpochOrder(7, 10, shuffle=False)
    assert all(order.of(epoch).tolist() == list(range(10)) for epoch in range(3))
