from __future__ import annotations

import numpy as np
import pytest

from mnistspec.diagnostics import BadData
from mnistspec.training.weighting import class_ids, sample_weights

IDS = np.array([0, 0, 0, 2, 2, 5])
ONE_HOT = np.eye(6)[IDS]


def test_balanced_classes_weigh_the_same_in_sum_and_one_in_the_mean() -> None:
    weights = sample_weights(IDS, "balanced")
    assert weights.dtype == np.float32 and weights.mean() == pytest.approx(1)
    assert weights[:3].sum() == pytest.approx(2) and weights[3:5].sum() == pytest.approx(2)
    assert weights[5] == pytest.approx(6 / (3 * 1))


@pytest.mark.parametrize("labels", [IDS, IDS.astype("uint8"), IDS.astype(float)[:, None], ONE_HOT])
def test_labels_may_be_ids_columns_or_one_hot_rows(labels: np.ndarray) -> None:
    assert class_ids(labels).tolist() == IDS.tolist()
    assert sample_weights(labels, {"0": 2.0, "5": 0.5}).tolist() == [2, 2, 2, 1, 1, 0.5]


@pytest.mark.parametrize("labels", [np.array([0.5, 1.0]), np.zeros((3, 1, 2))])
def test_other_targets_are_told_plainly(labels: np.ndarray) -> None:
    with pytest.raises(BadData, match="class ids"):
        sample_weights(labels, "balanced")
