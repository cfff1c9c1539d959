"""Batches, steps, epochs and class weights against the examples that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lints.checking import codes, findings, of_training


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


def _of_a_table(folder: Path, output: str, loss: str, weights: str, rows: int = 3000) -> list[str]:
    """The codes for a table of ten classes, of more rows than the check reads."""
    table = folder / "table.csv"
    table.write_text("a,b,label\n" + "".join(f"{row},{row % 3},{row % 10}\n" for row in range(rows)), "utf-8")
    return codes(
        f"data: {{source: {{csv: {{path: {table}, label: label}}}}}}\n"
        f"model: {{kind: sequential, layers: [{output}]}}\n"
        f"compile: {{loss: {loss}}}\nfit: {{class_weight: {weights}}}\n"
    )


@pytest.mark.parametrize(
    ("output", "loss", "weights", "found"),
    [
        ("Dense: {units: 10, activation: softmax}", "sparse_categorical_crossentropy", "{9: 2.0}", []),
        ("Dense: {units: 10, activation: softmax}", "sparse_categorical_crossentropy", "{10: 2.0}", ["W520"]),
        ("Dense: {units: 1, activation: sigmoid}", "binary_crossentropy", "{1: 2.0}", []),
        ("Dense: {units: 1, activation: sigmoid}", "binary_crossentropy", "{2: 2.0}", ["W520"]),
        ("Dense: {units: 1}", "mse", "{10: 2.0}", []),
    ],
)
def test_the_classes_are_the_outputs_where_the_data_does_not_tell(
    tmp_path: Path, output: str, loss: str, weights: str, found: list[str]
) -> None:
    assert _of_a_table(tmp_path, output, loss, weights) == found


def test_class_weights_are_for_one_output_that_learns_classes() -> None:
    layers = "Flatten, {Dense: {units: 10, name: a}}, {Dense: {units: 784, from: flatten, name: b}}"
    text = f"""data: {{source: mnist, prepare: {{x: [{{rescale: 255}}]}}, targets: x}}
model: {{kind: functional, layers: [{layers}, {{Reshape: {{target_shape: [28, 28], name: c}}}}], outputs: [OUTPUTS]}}
compile: {{loss: mse}}
fit: {{class_weight: balanced}}
"""
    (several,) = [found for found in findings(text.replace("OUTPUTS", "c, b")) if found.code == "E204"]
    (single,) = [found for found in findings(text.replace("OUTPUTS", "c")) if found.code == "E204"]
    assert "one output" in several.message and "is to learn (28, 28)" in single.message


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
