"""Reading an output's arrays: each form that labels and predictions come in."""

from __future__ import annotations

import numpy as np
import pytest

from mnistspec.reports.classified import Classified
from mnistspec.reports.judging import Judgement, Unjudged, judge
from mnistspec.reports.predictions import Array, Predictions
from mnistspec.reports.record import OutputRecord
from mnistspec.reports.regressed import Regressed

CHANCES = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.3, 0.3, 0.4]])


def judged(task: str | None, predicted: Array, target: Array, names: tuple[str, ...] | None = None) -> Judgement:
    predictions = Predictions({"y": predicted}, {"y": target}, np.zeros(0, np.int64), {})
    return judge(OutputRecord("y", task, None, names), predictions)


def classified(*arguments: object, **names: object) -> Classified:
    found = judged(*arguments, **names)  # type: ignore[arg-type]
    assert isinstance(found, Classified)
    return found


@pytest.mark.parametrize(
    "target",
    [np.array([0, 1, 1]), np.array([[0], [1], [1]]), np.eye(3)[[0, 1, 1]], np.array([0.0, 1.0, 1.0], np.float32)],
)
def test_class_ids_and_one_hot_labels_are_read_alike(target: Array) -> None:
    found = classified("classification", CHANCES, target)
    assert found.true.tolist() == [0, 1, 1] and found.right == 2 and not found.from_scores


def test_scores_become_probabilities_and_that_is_said() -> None:
    found = classified("classification", np.array([[5.0, 1.0, -3.0], [800.0, -800.0, 0.0]]), np.array([0, 0]))
    assert found.from_scores
    assert found.probabilities.sum(axis=1) == pytest.approx(1.0) and found.predicted.tolist() == [0, 0]


@pytest.mark.parametrize("target", [np.array([1, 0, 1]), np.array([[1.0], [0.0], [1.0]]), np.array([1, -1, 1])])
def test_one_probability_makes_two_classes(target: Array) -> None:
    found = classified("binary", np.array([[0.9], [0.4], [0.2]]), target, names=("no", "yes"))
    assert found.names == ("no", "yes")
    assert found.matrix.tolist() == [[1, 0], [1, 1]]


def test_one_score_is_read_through_a_sigmoid() -> None:
    found = classified("binary", np.array([3.0, -3000.0]), np.array([1, 0]))
    assert found.from_scores and found.right == 2


def test_logits_are_read_as_such_even_where_they_look_like_probabilities() -> None:
    predictions = Predictions({"y": np.array([[0.4], [0.9]])}, {"y": np.array([0, 1])}, np.zeros(0, np.int64), {})
    found = judge(OutputRecord("y", "binary", 2, None, logits=True), predictions)
    assert isinstance(found, Classified) and found.predicted.tolist() == [1, 1]


def test_several_labels_an_example_are_counted_one_by_one() -> None:
    found = classified("classification", np.stack([CHANCES, CHANCES]), np.array([[0, 1, 2], [0, 1, 0]]))
    assert (found.total, found.per_example, found.right) == (6, 3, 5)
    assert found.rows.tolist() == [0, 0, 0, 1, 1, 1]


def test_what_cannot_be_judged_is_left_out_and_counted() -> None:
    chances = CHANCES.copy()
    chances[1] = np.nan
    found = classified("classification", chances, np.array([0, 1, -1]))
    assert (found.total, found.left_out, found.rows.tolist()) == (1, 2, [0])


def test_missing_and_blank_names_are_numbers() -> None:
    assert classified("classification", CHANCES, np.array([0, 1, 2]), names=("cat", " ")).names == ("cat", "1", "2")


def test_numbers_are_judged_value_by_value() -> None:
    found = judged("regression", np.array([[1.0, 2.0], [np.inf, 4.0]]), np.array([[1.0, 1.0], [1.0, 4.0]]))
    assert isinstance(found, Regressed)
    assert (found.total, found.left_out, found.per_example, found.rows.tolist()) == (3, 1, 2, [0, 0, 1])


@pytest.mark.parametrize(
    ("task", "predicted", "target"),
    [
        ("classification", CHANCES, np.zeros((3, 2))),
        ("regression", CHANCES, np.zeros(4)),
        ("classification", np.full((2, 3), np.nan), np.zeros(2)),
        ("regression", np.full(2, np.nan), np.zeros(2)),
        ("classification", np.zeros((0, 3)), np.zeros(0)),
        (None, np.zeros(3), np.zeros((3, 2))),
    ],
)
def test_arrays_that_do_not_fit_give_a_reason_and_no_error(task: str | None, predicted: Array, target: Array) -> None:
    found = judged(task, predicted, target)
    assert isinstance(found, Unjudged) and found.reason
