from __future__ import annotations

import numpy as np
import pytest

from mnistspec.datasets import Split, target_facts, targets_for
from mnistspec.datasets.facts import UNKNOWN, ArrayFacts, DataFacts
from mnistspec.diagnostics import BadData

X, Y, Z = np.zeros(2), np.ones(2), np.full(2, 2)
ONE = Split({"x": X}, {"y": Y}, {"x": X}, np.arange(2))
TWO = Split({"left": X, "right": Y}, {"same": Y, "size": Z}, {}, np.arange(2))


def test_y_and_x_serve_any_output_where_there_is_one_of_each() -> None:
    assert targets_for(ONE, "y", ["dense"])["dense"] is Y
    assert targets_for(ONE, "x", ["dense"])["dense"] is X
    assert targets_for(ONE, "y", ["main", "auxiliary"])["auxiliary"] is Y


def test_several_arrays_go_to_the_outputs_of_their_names() -> None:
    found = targets_for(TWO, "y", ["size", "same"])
    assert found["size"] is Z and found["same"] is Y


def test_a_map_names_an_array_for_each_output() -> None:
    assert targets_for(ONE, {"picture": "x", "digit": "y"}, ["picture", "digit"]) == {"picture": X, "digit": Y}
    assert targets_for(TWO, {"a": "right", "b": "size"}, ["a", "b"])["a"] is Y


@pytest.mark.parametrize(
    ("split", "targets", "outputs", "message"),
    [
        (ONE, "z", ["dense"], "Output `dense` is to learn `z`, which the data does not have; the data has x: `x`"),
        (ONE, {"a": "y"}, ["a", "b"], "Output `b` has no entry in `data.targets`"),
        (ONE, {"dence": "y"}, ["dense"], "names `dence`, which is no output; the outputs: `dense`"),
        (TWO, "y", ["dense"], "none of its arrays is named `dense`; the data has x: `left`, `right` and y: `same`"),
    ],
)
def test_an_output_left_without_is_an_error_that_names_what_there_is(
    split: Split, targets: str | dict[str, str], outputs: list[str], message: str
) -> None:
    with pytest.raises(BadData) as caught:
        targets_for(split, targets, outputs)
    assert message in str(caught.value)


def test_the_light_twin_answers_none_instead() -> None:
    labels = ArrayFacts((), "uint8", classes=10)
    facts = DataFacts({"x": UNKNOWN}, {"y": labels})
    assert target_facts(facts, "y", ["dense"]) == {"dense": labels}
    assert target_facts(facts, {"a": "x"}, ["a", "b"]) == {"a": UNKNOWN, "b": None}
