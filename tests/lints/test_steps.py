"""Batches, steps, epochs and class weights against the examples that there are."""

from __future__ import annotations

import pytest

from tests.lints.checking import of_training


@pytest.mark.parametrize(
    ("data", "fit", "found"),
    [
        ("", "batch_size: 60000", []),
        ("", "batch_size: 60001", ["W514"]),
        (", validation: 0.5", "batch_size: 30001", ["W514"]),
        (", limit: {train: 20}", "epochs: 1", []),
        (", limit: {train: 20}", "batch_size: 32", ["W514"]),
        (", limit: {train: 20}", "batch_size: 32, steps_per_epoch: 2", ["W514"]),
        (", limt: {train: 20}", "batch_size: 60001", ["E201"]),
        (", validation: 2.0", "batch_size: 60000", ["E204"]),
    ],
)
def test_batches(data: str, fit: str, found: list[str]) -> None:
    assert of_training(data=data, fit=fit) == found


@pytest.mark.parametrize(
    ("data", "fit", "found"),
    [
        ("", "batch_size: 100, steps_per_epoch: 600", []),
        ("", "batch_size: 100, steps_per_epoch: 601", ["W515"]),
        ("", "batch_size: 64, steps_per_epoch: 938", []),
        (", validation: 0.1", "batch_size: 100, steps_per_epoch: 541", ["W515"]),
        (", validation: 0.1", "batch_size: 100, validation_steps: 60", []),
        (", validation: 0.1", "batch_size: 100, validation_steps: 61", ["W515"]),
        (", validation: 0.1", "validation_batch_size: 6000, validation_steps: 2", ["W515"]),
        ("", "batch_size: 100, validation_steps: 61", []),
        ("", "batch_sze: 1, steps_per_epoch: 1876", ["E201"]),
    ],
)
def test_steps(data: str, fit: str, found: list[str]) -> None:
    assert of_training(data=data, fit=fit) == found


@pytest.mark.parametrize(
    ("weights", "y", "found"),
    [
        ("{0: 2.0, 9: 3.0}", "", []),
        ("{10: 2.0}", "", ["W520"]),
        ("{10: 2.0, 11: 1.0}", "", ["W520", "W520"]),
        ("balanced", "", []),
        ("{x: 2.0}", "", ["E204"]),
    ],
)
def test_class_weights(weights: str, y: str, found: list[str]) -> None:
    assert of_training(y=y, fit=f"class_weight: {weights}") == found


@pytest.mark.parametrize(
    ("output", "fit", "found"),
    [
        ("Dense: {units: 10, activation: softmax, trainable: false}", "epochs: 1", ["W517"]),
        ("Dense: {units: 32, trainable: false}, Dense: {units: 10, activation: softmax}", "epochs: 1", []),
        ("Softmax", "epochs: 1", ["W503", "W517"]),
        ("Dens: {units: 10, trainable: false}", "epochs: 1", ["E205"]),
    ],
)
def test_something_to_train(output: str, fit: str, found: list[str]) -> None:
    assert sorted(of_training(output=output, fit=fit)) == found
