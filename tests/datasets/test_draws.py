from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mnistspec.datasets.counts import taken
from mnistspec.datasets.draws import draw, tickets

from .making import counts


def test_the_random_numbers_are_fixed_for_all_time() -> None:
    assert tickets(2, 7, "test").tolist() == [5920141322291437760, 17522430063857595871]


def test_each_class_keeps_its_share() -> None:
    labels = np.repeat([0, 1, 2], [600, 300, 100])
    chosen = draw(1000, 100, {"y": labels}, 7, "test")
    assert counts(labels[chosen]) == {0: 60, 1: 30, 2: 10}
    assert np.array_equal(chosen, np.sort(chosen))


@given(
    labels=st.lists(st.integers(-3, 9), min_size=1, max_size=80),
    size=st.integers(0, 90),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_draw_has_its_size_no_repeats_and_fair_shares(labels: list[int], size: int, seed: int) -> None:
    y = np.array(labels)
    chosen = draw(len(y), size, {"y": y}, seed, "test")
    assert len(chosen) == min(size, len(y)) == len(set(chosen.tolist()))
    if size < len(y):
        for label, count in counts(y).items():
            assert abs(int((y[chosen] == label).sum()) - count * size / len(y)) < 1


def test_seed_and_stream_both_matter_and_nothing_else_does() -> None:
    y = {"y": np.tile(np.arange(10), 50)}
    first = draw(500, 50, y, 1, "test")
    assert np.array_equal(first, draw(500, 50, y, 1, "test"))
    assert not np.array_equal(first, draw(500, 50, y, 2, "test"))
    assert not np.array_equal(first, draw(500, 50, y, 1, "validation"))


def test_labels_that_are_no_class_ids_are_drawn_evenly() -> None:
    for y in ({"y": np.linspace(0, 1, 100)}, {"a": np.zeros(100, int), "b": np.zeros(100, int)}):
        assert len(draw(100, 10, y, 0, "test")) == 10


def test_a_smaller_draw_is_part_of_a_larger_one() -> None:
    y = {"y": np.linspace(0, 1, 100)}
    assert set(draw(100, 10, y, 3, "limit").tolist()) <= set(draw(100, 40, y, 3, "limit").tolist())


def test_a_fraction_takes_at_least_one_and_leaves_at_least_one() -> None:
    assert [taken(10, 0.25), taken(10, 0.01), taken(2, 0.99), taken(1, 0.5), taken(10, 0)] == [2, 1, 1, 0, 0]
