"""Which examples are shown: the surest mistakes first, and right ones only where there is no mistake."""

from __future__ import annotations

import numpy as np

from mnistspec.reports.classified import Classified
from mnistspec.reports.predictions import Array, Predictions
from mnistspec.reports.samples import MISTAKES, RIGHT_ONES, examples_to_show

from . import folders


def sampled(rows: Array) -> Predictions:
    return Predictions({}, {}, rows, {})


def test_mistakes_come_by_confidence_whatever_their_order_in_the_file() -> None:
    labels = folders.labels(400, 5)
    judged = Classified(tuple("abcde"), labels, folders.chances(labels, 5, 2.0), np.arange(400))
    shown = examples_to_show(judged, sampled(np.arange(399, -1, -1)))
    sureness = [each.confidence for each in shown]
    assert len(shown) == MISTAKES and sureness == sorted(sureness, reverse=True)
    assert all(each.true != each.predicted and each.runner_up_chance <= each.confidence for each in shown)
    assert all(each.position == 399 - each.row for each in shown)


def test_right_answers_are_shown_where_none_is_wrong() -> None:
    labels = folders.labels(50, 3)
    judged = Classified(tuple("abc"), labels, np.eye(3)[labels], np.arange(50))
    shown = examples_to_show(judged, sampled(np.arange(50)))
    assert len(shown) == RIGHT_ONES and all(each.right for each in shown)


def test_rows_that_were_left_out_of_the_judgement_are_passed_over() -> None:
    judged = Classified(("a", "b"), np.array([0, 1]), np.array([[0.1, 0.9], [0.2, 0.8]]), np.array([3, 8]))
    shown = examples_to_show(judged, sampled(np.array([5, 3, 8, -1, 99])))
    assert [(each.row, each.position) for each in shown] == [(3, 1)]


def test_classes_of_one_name_are_still_told_apart() -> None:
    judged = Classified(("x", "x"), np.array([0]), np.array([[0.1, 0.9]]), np.array([0]))
    assert not examples_to_show(judged, sampled(np.array([0])))[0].right
