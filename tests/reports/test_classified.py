"""Judged classes: counts, shares and calibration against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mnistspec.reports.classified import Classified

from . import folders


def judged(true: list[int], predicted: list[int], classes: int = 3, sureness: float = 0.8) -> Classified:
    """Predictions that are all of one confidence."""
    probabilities = np.full((len(true), classes), (1 - sureness) / (classes - 1))
    probabilities[np.arange(len(true)), predicted] = sureness
    return Classified(tuple("abcde"[:classes]), np.array(true), probabilities, np.arange(len(true)))


def test_the_matrix_counts_true_by_predicted() -> None:
    assert judged([0, 0, 1, 2], [0, 1, 1, 0]).matrix.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]


def test_scores_by_class() -> None:
    first, second, third = judged([0, 0, 0, 1], [0, 0, 1, 1]).scores
    assert (first.support, first.precision) == (3, 1.0)
    assert first.recall == pytest.approx(2 / 3) and first.f1 == pytest.approx(0.8)
    assert (second.precision, second.recall) == (0.5, 1.0)
    assert third.support == 0 and math.isnan(third.precision) and math.isnan(third.recall)


def test_confusions_come_most_frequent_first_and_leave_the_right_ones_out() -> None:
    found = judged([0, 0, 0, 1, 2, 2], [1, 1, 0, 1, 0, 2]).confusions(5)
    assert [(each.true, each.predicted, each.count) for each in found] == [("a", "b", 2), ("c", "a", 1)]
    assert found[0].share == pytest.approx(2 / 3)


def test_the_interval_is_wilsons() -> None:
    # 81 of 263: 0.2553 to 0.3662, in Newcombe's comparison of intervals for a proportion.
    low, high = judged([0] * 263, [0] * 81 + [1] * 182).interval
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_calibration_error_is_the_gap_of_confidence_and_accuracy() -> None:
    assert judged([0] * 10, [0] * 8 + [1] * 2).calibration_error == pytest.approx(0.0, abs=1e-12)
    assert judged([0] * 10, [0] * 3 + [1] * 7).calibration_error == pytest.approx(0.5)


def test_every_prediction_is_in_one_bin() -> None:
    labels = folders.labels(500, 4)
    all_of_them = Classified(tuple("abcd"), labels, folders.chances(labels, 4), np.arange(500))
    assert sum(each.count for each in all_of_them.bins) == 500
    assert all(0 <= each.accuracy <= 1 and 0.25 <= each.confidence <= 1 for each in all_of_them.bins)
