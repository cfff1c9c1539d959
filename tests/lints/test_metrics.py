"""Metrics that fit are left alone; those that do not are told once, whatever else is told."""

from __future__ import annotations

import pytest

from tests.lints.checking import codes, of_training


@pytest.mark.parametrize(
    ("metric", "found"),
    [
        ("accuracy", []),
        ("acc", []),
        ("sparse_categorical_accuracy", []),
        ("{SparseTopKCategoricalAccuracy: {k: 3}}", []),
        ("MeanIoU: {num_classes: 10, sparse_y_pred: false}", []),
        ("MeanIoU: {num_classes: 10}", ["W508"]),
        ("categorical_accuracy", ["W508"]),
        ("CategoricalAccuracy", ["W508"]),
        ("{F1Score: {average: macro}}", ["W508"]),
        ("AUC", ["W508"]),
        ("mae", ["W508"]),
        ("Accuracy", ["W508"]),
    ],
)
def test_metrics_of_class_ids(metric: str, found: list[str]) -> None:
    assert of_training(compile=f"loss: sparse_categorical_crossentropy, metrics: [{metric}]") == found


@pytest.mark.parametrize(
    ("metric", "found"),
    [
        ("accuracy", []),
        ("categorical_accuracy", []),
        ("{F1Score: {average: macro}}", []),
        ("AUC", []),
        ("Precision", []),
        ("mae", []),
        ("sparse_categorical_accuracy", ["W508"]),
        ("binary_accuracy", ["W508"]),
    ],
)
def test_metrics_of_one_hot_rows(metric: str, found: list[str]) -> None:
    assert of_training(y="one_hot", compile=f"loss: categorical_crossentropy, metrics: [{metric}]") == found


def test_a_metric_that_shares_the_mistake_of_the_loss_is_not_told_as_well() -> None:
    assert of_training(compile="loss: categorical_crossentropy, metrics: [categorical_accuracy]") == ["E416"]


@pytest.mark.parametrize("loss", ["crossentropy", "ce"])
def test_a_loss_picked_by_shape_fits_either_form_of_labels(loss: str) -> None:
    assert of_training(compile=f"loss: {loss}") == of_training(y="one_hot", compile=f"loss: {loss}") == []


_BINARY = """data: {{source: imdb, prepare: {{x: [{{pad_sequences: 20}}]}}}}
model: {{kind: sequential, layers: [{{Embedding: {{input_dim: 100000, output_dim: 3}}}}, Flatten, {output}]}}
compile: {{loss: {{BinaryCrossentropy: {{from_logits: {logits}}}}}, metrics: [{metric}]}}
"""


@pytest.mark.parametrize(
    ("logits", "metric", "found"),
    [
        ("false", "accuracy", []),
        ("false", "Precision", []),
        ("true", "accuracy", ["W508"]),
        ("true", "binary_accuracy", ["W508"]),
        ("true", "Recall", ["W508"]),
        ("true", "{BinaryAccuracy: {threshold: 0.0}}", []),
        ("true", "{Recall: {thresholds: 0}}", []),
        ("true", "{AUC: {from_logits: true}}", []),
    ],
)
def test_thresholds_on_logits(logits: str, metric: str, found: list[str]) -> None:
    output = "{Dense: {units: 1}}" if logits == "true" else "{Dense: {units: 1, activation: sigmoid}}"
    assert codes(_BINARY.format(output=output, logits=logits, metric=metric)) == found


_AUTOENCODER = """data: {{source: mnist, prepare: {{x: [{{rescale: 255}}, {{reshape: [784]}}]}}, targets: x}}
model: {{kind: sequential, layers: [{{Dense: {{units: 784, activation: sigmoid}}}}]}}
compile: {{loss: {loss}, metrics: [{metric}]}}
"""


@pytest.mark.parametrize(
    ("loss", "metric", "found"),
    [
        ("binary_crossentropy", "accuracy", ["W508"]),
        ("binary_crossentropy", "binary_accuracy", []),
        ("mse", "mae", []),
    ],
)
def test_accuracy_of_several_answers(loss: str, metric: str, found: list[str]) -> None:
    assert codes(_AUTOENCODER.format(loss=loss, metric=metric)) == found


@pytest.mark.parametrize(
    ("output", "metric", "found"),
    [
        ("{Dense: {units: 1}}", "accuracy", ["W508"]),
        ("{Dense: {units: 1}}", "r2_score", []),
        ("{Dense: {units: 1, activation: sigmoid}}", "accuracy", []),
    ],
)
def test_accuracy_of_numbers(output: str, metric: str, found: list[str]) -> None:
    metric = "R2Score" if metric == "r2_score" else metric
    data = "data: {source: boston_housing, prepare: {x: [standardize]}}"
    model = f"model: {{kind: sequential, layers: [{output}]}}"
    assert codes(f"{data}\n{model}\ncompile: {{loss: mse, metrics: [{metric}]}}") == found


def test_accuracy_of_ten_classes_by_one_number() -> None:
    assert of_training(output="Dense: {units: 1}", compile="loss: mse, metrics: [accuracy]") == ["W508"]


def test_metrics_by_output_are_looked_at_by_output() -> None:
    compile = "loss: {d: sparse_categorical_crossentropy}, metrics: {d: [accuracy, categorical_accuracy]}"
    output = "Dense: {units: 10, activation: softmax, name: d}"
    assert of_training(output=output, compile=compile) == ["W508"]


@pytest.mark.parametrize(
    ("activation", "loss", "found"),
    [("linear", "mse", ["W508"]), ("sigmoid", "mse", []), ("sigmoid", "binary_crossentropy", [])],
)
def test_right_answers_are_not_counted_where_numbers_are_learnt(activation: str, loss: str, found: list[str]) -> None:
    text = (
        "data: {source: {npz: {path: unknown.npz}}}\n"
        f"model: {{kind: sequential, input: [13], layers: [{{Dense: {{units: 1, activation: {activation}}}}}]}}\n"
        f"compile: {{loss: {loss}, metrics: [accuracy]}}\nfit: {{}}\n"
    )
    assert [code for code in codes(text) if code != "I902"] == found
