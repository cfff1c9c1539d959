"""What a model's numbers mean: classes by name and probability, or values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnistspec.runs.answers import Classes, OutputFacts, Values, answers_of, as_data, facts_of
from mnistspec.runs.run import Run

PETS = OutputFacts("classification", ("cat", "dog", "owl"), logits=False)


def test_the_likeliest_classes_by_name_first_the_likeliest() -> None:
    (answer,) = answers_of(np.array([[0.2, 0.7, 0.1]]), PETS, top=2)
    assert isinstance(answer, Classes)
    assert [(choice.label, choice.id, choice.probability) for choice in answer.top] == [
        ("dog", 1, 0.7),
        ("cat", 0, 0.2),
    ]
    (answer,) = answers_of(np.array([[0.2, 0.7, 0.1]]), OutputFacts("classification", None, logits=False), top=9)
    assert [choice.label for choice in answer.top] == ["1", "0", "2"]


def test_logits_become_probabilities() -> None:
    (answer,) = answers_of(np.log([[2.0, 6.0, 2.0]]), OutputFacts("classification", None, logits=True), top=3)
    assert [choice.probability for choice in answer.top] == pytest.approx([0.6, 0.2, 0.2])
    (answer,) = answers_of(np.array([[np.log(3)]]), OutputFacts("binary", None, logits=True), top=1)
    assert (answer.top[0].label, answer.top[0].probability) == ("1", pytest.approx(0.75))


def test_one_number_for_yes_tells_of_no_as_well() -> None:
    (no, yes) = answers_of(np.array([[0.1], [0.8]]), OutputFacts("binary", ("bad", "good"), logits=False), top=2)
    assert [(c.label, round(c.probability, 6)) for c in no.top] == [("bad", 0.9), ("good", 0.1)]
    assert yes.top[0].label == "good"


def test_values_are_left_as_they_are() -> None:
    answers = answers_of(np.array([[[1.0, 2.0]], [[3.0, 4.0]]]), OutputFacts("regression", None, logits=False), top=3)
    assert answers == [Values([[1.0, 2.0]]), Values([[3.0, 4.0]])]
    assert as_data({"size": answers[0]}) == {"size": {"value": [[1.0, 2.0]]}}


def test_as_plain_data() -> None:
    (answer,) = answers_of(np.array([[0.25, 0.5, 0.25]]), PETS, top=2)
    assert as_data({"pet": answer}) == {"pet": {
        "label": "dog", "class": 1, "probability": 0.5,
        "top": [{"label": "dog", "probability": 0.5}, {"label": "cat", "probability": 0.25}],
    }}  # fmt: skip


def test_a_run_interrupted_before_it_looked_at_its_outputs_still_answers(tmp_path: Path) -> None:
    data = {"outputs": {}, "preparation": {"class_names": ["cat", "dog", "owl"]}}
    run = Run(tmp_path, {"data": data})
    assert facts_of(run, "pet", np.array([[0.2, 0.7, 0.1]])) == PETS
    assert facts_of(run, "pet", np.array([[2.0, 7.0, -1.0]])).logits
    assert facts_of(run, "size", np.array([[0.2]])).task == "regression"
    data["outputs"] = {"pet": {"task": "classification", "class_names": None, "logits": True}}
    assert facts_of(run, "pet", np.array([[0.2, 0.7, 0.1]])) == OutputFacts("classification", None, logits=True)
