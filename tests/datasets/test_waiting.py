from __future__ import annotations

from pathlib import Path

import pytest

from mnistspec.datasets import prepared_facts
from mnistspec.datasets.facts import ArrayFacts
from mnistspec.datasets.waiting import waiting_from

from .making import data_of, steps_of

PICTURES = ArrayFacts((28, 28), "uint8", 0, 255)


@pytest.mark.parametrize(
    ("steps", "first"),
    [
        ("[{rescale: 255}]", 0),
        ("[{expand_dims: -1}, {rescale: 255}]", 1),
        ("[{rescale: 255}, {reshape: [784]}]", 0),
        ("[{cast: float32}, {rescale: 255}, standardize]", 0),
        ("[normalize]", 0),
        ("[{resize: [14, 14]}, {rescale: 255}]", 1),
    ],
)
def test_the_steps_that_only_scale_and_shape_wait(steps: str, first: int) -> None:
    assert waiting_from(steps_of(steps), PICTURES) == first


@pytest.mark.parametrize(
    "steps",
    [
        "[]",
        "[{reshape: [784]}]",
        "[{rescale: 255}, {resize: [14, 14]}]",
        "[{cast: float64}]",
        "[{rescale: 1e-30}]",
        "[{rescale: -255}]",
        "[{rescale: 2}, {rescale: 2}, {rescale: 2}]",
    ],
)
def test_nothing_waits_that_would_save_nothing_or_could_come_out_otherwise(steps: str) -> None:
    assert waiting_from(steps_of(steps), PICTURES) is None


@pytest.mark.parametrize("dtype", ["float32", "int64", "string", None])
def test_what_takes_as_much_memory_unprepared_does_not_wait(dtype: str | None) -> None:
    assert waiting_from(steps_of("[{cast: float32}]"), ArrayFacts((4,), dtype)) is None


def test_the_facts_of_data_name_the_inputs_that_can_wait(tmp_path: Path) -> None:
    text = "source: mnist_sample\nprepare: {x: [{rescale: 255}]}"
    assert prepared_facts(data_of(text), tmp_path).waiting["x"].array.dtype == "uint8"
    assert prepared_facts(data_of("source: mnist_sample"), tmp_path).waiting == {}
