"""The one-line verdict and the headline figures."""

from __future__ import annotations

from typing import Any

import pytest

from mnistspec.reports.contents import Contents
from mnistspec.reports.fields import Fields
from mnistspec.reports.record import RunRecord, read_record
from mnistspec.reports.verdict import notices, tiles, tone, verdict

from . import folders

BROKEN = {"model.keras": {"identical": False, "compared": 10}, "model.weights.h5": {"identical": True, "compared": 10}}


def run(**changes: Any) -> RunRecord:
    return read_record(Fields(folders.record(**changes)))


def test_a_finished_run() -> None:
    assert verdict(run()) == (
        "On 10,000 examples of the test set: accuracy 98.12%, loss 0.06450. "
        "The saved model, loaded again, predicts the same, bit for bit."
    )


def test_without_a_test_set_validation_speaks() -> None:
    metrics = {"train": {"loss": 1.0}, "validation": {"loss": 2.0}, "test": None}
    assert verdict(run(metrics=metrics)).startswith("On 6,000 examples of the validation set: loss 2.000.")


def test_a_failed_proof_is_never_passed_over() -> None:
    broken = run(verification=BROKEN)
    assert "model.keras did not predict what the trained model predicted" in verdict(broken)
    assert tone(broken) == "bad"
    assert [tile.value for tile in tiles(Contents(broken)) if tile.label == "loaded again"] == ["differs"]
    assert any("do not hold the trained model" in lead for lead, _ in notices(broken))


def test_no_proof_is_not_taken_for_one() -> None:
    assert "was not checked" in verdict(run(verification=None))
    assert not [tile for tile in tiles(Contents(run(verification=None))) if tile.label == "loaded again"]


@pytest.mark.parametrize(
    ("status", "begins", "shown"),
    [
        ("interrupted", "Interrupted after 10 of 10 epochs.", "warn"),
        ("failed", "The run failed after 10 of 10 epochs.", "bad"),
        ("running", "The run was still going on when this was written.", "warn"),
        ("finished", "On 10,000 examples", "good"),
    ],
)
def test_how_it_ended_comes_first(status: str, begins: str, shown: str) -> None:
    assert verdict(run(status=status)).startswith(begins)
    assert tone(run(status=status)) == shown


def test_what_made_a_run_fail_is_said() -> None:
    failed = run(status="failed", error="the loss asked for 10 classes")
    assert ("The run failed.", "the loss asked for 10 classes") in notices(failed)


def test_predictions_are_named_after_the_split_they_are_of() -> None:
    assert run().data.predicted_split == "test"
    assert run(data=folders.data({}, test=None, validation=None)).data.predicted_split == "train"


def test_of_many_metrics_the_accuracies_lead() -> None:
    metrics = {"loss": 1.0, "a_loss": 0.5, "b_loss": 0.5, "a_accuracy": 0.9, "b_accuracy": 0.8}
    labels = [tile.label for tile in tiles(Contents(run(metrics={"test": metrics})))]
    assert labels[:4] == ["test a_accuracy", "test b_accuracy", "test loss", "test a_loss"]
