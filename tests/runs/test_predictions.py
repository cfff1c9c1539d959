from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnistspec.runs.predictions import (
    as_probabilities,
    predicted_classes,
    task_of,
    true_classes,
    worst_first,
    write_arrays,
    write_table,
)

IDS = np.array([0, 2, 1, 2])
ONE_HOT = np.eye(3)[IDS]
SURE = np.array([[0.8, 0.1, 0.1], [0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.2, 0.2, 0.6]], dtype="float32")
YES = np.array([[0.9], [0.2], [0.6], [0.3]], dtype="float32")


class TestTasks:
    @pytest.mark.parametrize(
        ("target", "prediction", "classes", "task"),
        [
            (IDS, SURE, 3, "classification"),
            (IDS[:, None], SURE, 3, "classification"),
            (ONE_HOT, SURE, None, "classification"),
            (IDS, SURE, None, "regression"),
            (SURE, SURE, None, "regression"),
            (np.array([0, 1, 1, 0]), YES, None, "binary"),
            (np.array([[0.0], [1.0], [1.0], [0.0]]), YES, None, "binary"),
            (np.array([0.0, 1.5, 2.0, 0.0]), YES, None, "regression"),
            (None, SURE, 3, "regression"),
            (np.zeros((4, 2, 2)), np.zeros((4, 2, 2)), None, "regression"),
        ],
    )
    def test_the_form_of_targets_and_outputs_says_what_is_learnt(
        self, target: Any, prediction: Any, classes: int | None, task: str
    ) -> None:
        assert task_of(target, prediction, classes) == task

    @pytest.mark.parametrize("target", [IDS, IDS.astype("float32")[:, None], ONE_HOT])
    def test_true_classes_come_from_every_form_of_labels(self, target: Any) -> None:
        assert true_classes(target, "classification").tolist() == IDS.tolist()

    def test_yes_begins_above_a_half(self) -> None:
        assert predicted_classes(np.array([[0.5], [0.51]]), "binary").tolist() == [0, 1]


class TestLogits:
    def test_scores_of_classes_become_probabilities_without_overflow(self) -> None:
        found = as_probabilities(np.array([[1000.0, 0.0], [0.0, 0.0]], dtype="float32"), "classification", logits=True)
        assert found.tolist() == [[1.0, 0.0], [0.5, 0.5]]

    def test_a_score_of_yes_becomes_a_probability(self) -> None:
        found = as_probabilities(np.array([[0.0], [2.0]]), "binary", logits=True)
        assert found[:, 0] == pytest.approx([0.5, 1 / (1 + np.exp(-2.0))])

    @pytest.mark.parametrize("score", [-1000.0, 1000.0])
    def test_a_large_score_of_yes_does_not_overflow(self, score: float) -> None:
        assert as_probabilities(np.array([[score]], dtype="float32"), "binary", logits=True) == float(score > 0)

    def test_what_are_no_logits_stays_as_it_is(self) -> None:
        assert as_probabilities(SURE, "classification", logits=False) is SURE
        assert as_probabilities(YES, "regression", logits=True) is YES


class TestWorstFirst:
    def test_mistakes_come_by_falling_sureness_and_then_the_first_right_ones(self) -> None:
        assert worst_first(SURE, IDS, "classification", 4).tolist() == [2, 1, 0, 3]
        assert worst_first(SURE, ONE_HOT, "classification", 2).tolist() == [2, 1]

    def test_a_yes_that_was_surely_wrong_comes_first(self) -> None:
        assert worst_first(YES, np.array([0, 0, 0, 1]), "binary", 4).tolist() == [0, 3, 2, 1]

    def test_numbers_come_by_falling_error(self) -> None:
        assert worst_first(YES, np.array([[0.9], [0.5], [0.0], [0.2]]), "regression", 3).tolist() == [2, 1, 3]

    def test_without_anything_to_compare_the_first_are_shown(self) -> None:
        assert worst_first(SURE, None, "regression", 2).tolist() == [0, 1]
        assert worst_first(SURE, IDS, "regression", 2).tolist() == [0, 1]
        assert worst_first(SURE[:0], IDS[:0], "classification", 2).tolist() == []
        assert worst_first(SURE, IDS, "classification", 99).size == 4

    def test_what_is_not_a_number_does_not_stop_it(self) -> None:
        lost = np.full((4, 3), np.nan)
        assert sorted(worst_first(lost, IDS, "classification", 4).tolist()) == [0, 1, 2, 3]


class TestFiles:
    def test_arrays_are_kept_to_the_bit_with_the_raw_samples(self, tmp_path: Path) -> None:
        path, raw = tmp_path / "predictions.npz", np.arange(8).reshape(4, 2)
        write_arrays(path, {"a": SURE, "b": YES}, {"a": IDS}, np.array([2, 0]), {"x": raw, "text": raw.astype(object)})
        with np.load(path, allow_pickle=False) as found:
            assert set(found.files) == {"prediction_a", "prediction_b", "target_a", "sample_index", "sample_x"}
            assert found["prediction_a"].tobytes() == SURE.tobytes() and found["prediction_a"].dtype == SURE.dtype
            assert found["sample_x"].tolist() == [[4, 5], [0, 1]]

    @pytest.mark.keras
    def test_half_precision_is_kept_in_a_type_that_numpy_knows(self, tmp_path: Path) -> None:
        import ml_dtypes

        half = SURE.astype(ml_dtypes.bfloat16)
        write_arrays(tmp_path / "p.npz", {"a": half}, {}, np.array([0]), {})
        with np.load(tmp_path / "p.npz", allow_pickle=False) as found:
            assert found["prediction_a"].dtype == np.float32 and (found["prediction_a"] == half.astype("float32")).all()

    @pytest.mark.keras
    def test_a_yes_or_no_in_half_precision_is_one(self) -> None:
        import ml_dtypes

        assert task_of(np.array([0, 1, 1, 0]), YES.astype(ml_dtypes.bfloat16), None) == "binary"

    def rows(self, tmp_path: Path, *arguments: Any) -> list[dict[str, str]]:
        write_table(tmp_path / "p.csv", *arguments)
        with (tmp_path / "p.csv").open(newline="") as stream:
            return list(csv.DictReader(stream))

    def test_a_row_an_example_with_label_prediction_and_probability(self, tmp_path: Path) -> None:
        rows = self.rows(tmp_path, {"d": SURE}, {"d": IDS}, {"d": "classification"}, ("zero", "one", 'two, "2"'))
        assert list(rows[0]) == ["index", "label", "prediction", "probability"]
        assert [rows[2][name] for name in ("index", "label", "prediction")] == ["2", "one", 'two, "2"']
        assert float(rows[2]["probability"]) == pytest.approx(0.7)

    def test_a_no_has_the_probability_of_no(self, tmp_path: Path) -> None:
        rows = self.rows(tmp_path, {"d": YES}, {"d": np.array([1, 1, 0, 0])}, {"d": "binary"}, None)
        assert [(row["label"], row["prediction"], round(float(row["probability"]), 2)) for row in rows] == [
            ("1", "1", 0.9), ("1", "0", 0.8), ("0", "1", 0.6), ("0", "0", 0.7),
        ]  # fmt: skip

    def test_several_outputs_have_columns_of_their_own(self, tmp_path: Path) -> None:
        wide = np.zeros((4, 20), dtype="float32")
        tasks = {"d": "classification", "n": "regression", "w": "regression"}
        rows = self.rows(tmp_path, {"d": SURE, "n": YES, "w": wide}, {"d": IDS, "n": YES, "w": wide}, tasks, None)
        assert list(rows[0]) == [
            "index", "d_label", "d_prediction", "d_probability", "n_target", "n_prediction", "w_mean",
        ]  # fmt: skip
