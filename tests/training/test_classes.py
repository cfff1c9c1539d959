"""Class ids in loaded data against the values of the outputs that learn them."""

from __future__ import annotations

import numpy as np
import pytest

from mnistspec.calls import Call, Value
from mnistspec.catalogue import load
from mnistspec.diagnostics import BadData
from mnistspec.source import Source, Span
from mnistspec.training.classes import require_classes


def loss(name: str = "SparseCategoricalCrossentropy", **arguments: Value) -> tuple[Call, ...]:
    return (Call(load()["losses"].classes[name], arguments, Span(Source(""), 0, 0)),)


@pytest.mark.parametrize(
    ("ids", "told"),
    [
        ([0, 2, 3], "is to learn the class 3 in the test split; give the output 4 values."),
        ([0, -1], "is to learn the class -1 in the test split; class ids count from 0."),
        ([[0.0], [7.0]], "is to learn the class 7 in the test split; give the output 8 values."),
    ],
)
def test_an_id_that_the_output_has_no_class_for(ids: list[float], told: str) -> None:
    targets = {"train": {"digit": np.array([0, 1, 2])}, "test": {"digit": np.array(ids)}}
    with pytest.raises(BadData) as caught:
        require_classes({"digit": loss()}, {"digit": 3}, targets)
    assert str(caught.value) == f"`digit` gives 3 values, for the classes 0 to 2, and {told}"


def test_what_counts_for_nothing_or_is_no_class_id_is_not_looked_at() -> None:
    labels = {"train": {"a": np.array([0, 255, 2]), "b": np.array([9.5, 7.0])}}
    losses = {"a": loss(ignore_class=255), "b": loss("MeanSquaredError"), "c": ()}
    require_classes(losses, {"a": 3, "b": 1, "c": 2}, labels)
