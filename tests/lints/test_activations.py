"""Activations twice, and activations that cannot give what is wanted."""

from __future__ import annotations

import pytest

from tests.lints.checking import findings, of_layers, of_training


@pytest.mark.parametrize(
    ("layers", "found"),
    [
        ("Dense: {units: 3, activation: relu}, ReLU", ["W510"]),
        ("Dense: {units: 3, activation: relu}, LeakyReLU", ["W510"]),
        ("Dense: {units: 3, activation: sigmoid}, Activation: {activation: relu}", ["W510"]),
        ("Dense: {units: 3, activation: tanh}, Activation: {activation: tanh}", ["W510"]),
        ("Dense: {units: 3}, Softmax, Softmax", ["W510"]),
        ("Dense: {units: 3, activation: sigmoid}, Softmax", ["W510"]),
        ("Dense: {units: 3}, ReLU, Softmax", []),
        ("Dense: {units: 3, activation: linear}, ReLU", []),
        ("Dense: {units: 3, activation: tanh}, ReLU", []),
        ("Dense: {units: 3, activation: relu}, ReLU: {max_value: 6.0}", []),
        ("Dense: {units: 3, activation: relu}, Activation: {activation: {relu: {threshold: 1.0}}}", []),
        ("Dense: {units: 3, activation: relu}, Activation: {activation: linear}", []),
        ("Dense: {units: 3, activation: relu}, BatchNormalization, ReLU", []),
        ("Dense: {units: 3, activation: relu}, Dense: {units: 3, activation: relu}", []),
        ("Reshape: {target_shape: [4, 2]}, Softmax: {axis: 1}, Softmax: {axis: 2}", []),
        ("Reshape: {target_shape: [4, 2]}, LSTM: {units: 3}, Activation: {activation: tanh}", []),
    ],
)
def test_an_activation_after_another(layers: str, found: list[str]) -> None:
    assert of_layers(layers) == found


@pytest.mark.parametrize(
    ("layers", "found"),
    [
        ("Dense: {units: 1, activation: softmax}", ["W513"]),
        ("Dense: {units: 1}, Softmax", ["W513"]),
        ("Dense: {units: 1}, Activation: {activation: softmax}", ["W513"]),
        ("Dense: {units: 1, activation: sigmoid}", []),
        ("Reshape: {target_shape: [8, 1]}, Softmax: {axis: 1}, Flatten", []),
        ("Reshape: {target_shape: [8, 1]}, Softmax, Flatten", ["W513"]),
    ],
)
def test_a_softmax_of_one_value(layers: str, found: list[str]) -> None:
    assert of_layers(layers) == found


@pytest.mark.parametrize(
    ("output", "compile", "y", "found"),
    [
        ("sigmoid", "loss: sparse_categorical_crossentropy", "", ["W513"]),
        ("sigmoid", "loss: categorical_crossentropy", "one_hot", ["W513"]),
        ("sigmoid", "loss: {CategoricalCrossentropy: {from_logits: true}}", "one_hot", ["W504"]),
        ("sigmoid", "loss: binary_crossentropy", "one_hot", []),
        ("sigmoid", "loss: mse", "one_hot", []),
        ("softmax", "loss: categorical_crossentropy", "one_hot", []),
    ],
)
def test_sigmoids_and_the_loss(output: str, compile: str, y: str, found: list[str]) -> None:
    assert of_training(output=f"Dense: {{units: 10, activation: {output}}}", compile=compile, y=y) == found


def test_one_unit_where_there_are_ten_classes_is_one_mistake() -> None:
    assert of_training(output="Dense: {units: 1, activation: softmax}") == ["E416"]


def test_the_fix_names_the_other_activation() -> None:
    text = "model: {kind: sequential, input: [8], layers: [{Dense: {units: 1, activation: softmax}}]}"
    (found,) = findings(text)
    assert found.fix is not None and found.fix.span.text == "softmax"
    assert (found.fix.text, found.fix.certain) == ("sigmoid", False)
