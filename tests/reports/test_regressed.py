"""Judged numbers: the usual errors, and what the charts are drawn from."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mnistspec.reports.regressed import Regressed


def judged(true: list[float], predicted: list[float]) -> Regressed:
    return Regressed(np.array(true), np.array(predicted), np.arange(len(true)))


def test_errors() -> None:
    found = judged([1, 2, 3, 4], [1, 2, 3, 8])
    assert (found.mean_absolute_error, found.root_mean_squared_error, found.bias) == (1.0, 2.0, 1.0)
    assert found.explained == pytest.approx(1 - 16 / 5)
    assert found.worst(1).tolist() == [3]


def test_nothing_can_be_explained_where_nothing_varies() -> None:
    assert math.isnan(judged([5, 5], [4, 6]).explained)


def test_points_are_bounded_and_the_same_each_time() -> None:
    values = np.random.default_rng(0).normal(size=5000)
    found = Regressed(values, values + 1, np.arange(5000))
    true, predicted = found.points(100)
    assert len(true) == 100 and np.array_equal(predicted, true + 1)
    assert np.array_equal(true, found.points(100)[0])


def test_the_histogram_holds_every_residual_even_where_all_are_equal() -> None:
    counts, edges = judged([1, 2, 3], [1, 2, 3]).histogram(5)
    assert counts.sum() == 3 and edges[0] < 0 < edges[-1]
    skewed = judged([0] * 1000, [0.0] * 999 + [1e9])
    assert skewed.histogram(31)[0].sum() == 1000
    far = judged([3e38, 3e38, 3e38], [1, 2e22, -1]).histogram(31)  # so far that nothing lies between their errors
    assert far[0].sum() == 3 and np.isfinite(far[1]).all()
