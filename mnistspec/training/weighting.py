"""Class weights as one weight an example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnistspec.diagnostics import BadData


def sample_weights(labels: NDArray[Any], class_weight: str | Mapping[str, float]) -> NDArray[np.float32]:
    """The weight of each example from its class. `labels` are ids (examples,) or (examples, 1), or one-hot rows.

    `balanced` gives class c the weight examples / (classes present * examples of c). A class without a weight of its
    own has weight 1, as in Keras. Raises: BadData when the labels are no class ids.
    """
    ids = class_ids(labels)
    if class_weight == "balanced":
        present, counts = np.unique(ids, return_counts=True)
        table = dict(zip(present.tolist(), (len(ids) / (len(present) * counts)).tolist(), strict=True))
    else:
        assert isinstance(class_weight, Mapping)
        table = {int(name): float(weight) for name, weight in class_weight.items()}
    return np.array([table.get(int(label), 1.0) for label in ids], dtype=np.float32)


def class_ids(labels: NDArray[Any]) -> NDArray[np.int64]:
    """Labels as class ids (examples,)."""
    if labels.ndim == 2 and labels.shape[1] > 1:
        return np.asarray(labels.argmax(axis=1))
    flat = labels.reshape(len(labels), -1)
    if flat.shape[1] != 1 or not np.array_equal(flat, np.floor(flat)):
        raise BadData("`fit.class_weight` needs class ids as targets; these are other numbers")
    return flat[:, 0].astype(np.int64)
