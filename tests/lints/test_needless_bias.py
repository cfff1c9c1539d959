"""A bias is needless right before a batch normalization, and nowhere else."""

from __future__ import annotations

import pytest

from tests.lints.checking import of_layers

_CONV = "Conv2D: {filters: 4, kernel_size: 3"


@pytest.mark.parametrize(
    ("layers", "found"),
    [
        (f"{_CONV}}}, BatchNormalization", ["W511"]),
        (f"{_CONV}, use_bias: true}}, BatchNormalization: {{axis: 3}}", ["W511"]),
        (f"{_CONV}, activation: linear}}, BatchNormalization", ["W511"]),
        ("Dense: {units: 4}, BatchNormalization", ["W511"]),
        (f"{_CONV}, use_bias: false}}, BatchNormalization", []),
        (f"{_CONV}, activation: relu}}, BatchNormalization", []),
        (f"{_CONV}}}, ReLU, BatchNormalization", []),
        (f"{_CONV}}}, BatchNormalization: {{center: false}}", []),
        (f"{_CONV}}}, BatchNormalization: {{axis: 1}}", []),
        (f"{_CONV}}}, BatchNormalization: {{trainable: false}}", []),
        (f"{_CONV}}}, LayerNormalization", []),
        (f"{_CONV}}}, GroupNormalization: {{groups: 2}}", []),
        ("LSTM: {units: 4}, BatchNormalization", []),
    ],
)
def test_a_bias_before_a_normalization(layers: str, found: list[str]) -> None:
    shape = "[8, 8]" if layers.startswith("LSTM") else "[8, 8, 3]"
    assert of_layers(layers, shape=shape) == found


@pytest.mark.parametrize(
    "rest",
    [
        "{BatchNormalization: {from: d}}, {Add: {from: [d, batch_normalization]}}",
        "{BatchNormalization: {from: d, call: {training: false}}}",
    ],
)
def test_a_bias_that_counts_elsewhere(rest: str) -> None:
    assert of_layers(f"{{Dense: {{units: 4, name: d}}}}, {rest}", kind="functional") == []


def test_a_bias_of_an_output() -> None:
    layers = "Dense: {units: 4, name: d}, BatchNormalization: {name: n}], outputs: [d, n"
    assert of_layers(layers, kind="functional") == []
