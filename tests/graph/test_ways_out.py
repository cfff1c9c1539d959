"""Shapes that do not fit for a reason elsewhere: the help line names the layer or the input to change."""

from __future__ import annotations

import pytest

from tests.lints.checking import findings


def _help(shape: str, layers: str) -> str | None:
    found = findings(f"model: {{kind: sequential, input: {shape}, layers: [{layers}]}}\n")
    return next(one.help for one in found if one.code == "E412")


@pytest.mark.parametrize(
    "layers",
    [
        "LSTM: {units: 4}, LSTM: {units: 4}",
        "LSTM: {units: 4}, Dropout: {rate: 0.1}, Dense: {units: 3}, GRU: {units: 4}",
        "LSTM: {units: 4}, Bidirectional: {layer: {GRU: {units: 4}}}",
        "LSTM: {units: 4}, GlobalMaxPooling1D",
        "LSTM: {units: 4}, TimeDistributed: {layer: {Dense: {units: 2}}}",
    ],
)
def test_the_layer_that_gives_its_last_step_alone_is_named(layers: str) -> None:
    assert _help("[9, 2]", layers) == "write `return_sequences: true` in `lstm`, which then gives every step"


def test_an_input_without_steps_is_no_recurrent_layer() -> None:
    assert "return_sequences" not in (_help("[9]", "Dense: {units: 3}, LSTM: {units: 4}") or "")


@pytest.mark.parametrize(
    ("shape", "layers", "help"),
    [
        ("[1, 28, 28]", "Conv2D: {filters: 4, kernel_size: 3}", "channels come last: [28, 28, 1]"),
        ("[3, 32, 40]", "Conv2D: {filters: 4, kernel_size: 5}", "channels come last: [32, 40, 3]"),
        ("[3, 32, 40]", "MaxPooling2D: {pool_size: 2}, MaxPooling2D", "channels come last: [32, 40, 3]"),
        ("[28, 28, 1]", "Conv2D: {filters: 4, kernel_size: 30}", "use `padding: same`"),
        ("[1, 28, 28]", "Conv2D: {filters: 4, kernel_size: 30, data_format: channels_first}", "use `padding: same`"),
    ],
)
def test_a_picture_with_its_channels_first_is_told_as_one(shape: str, layers: str, help: str) -> None:
    assert (_help(shape, layers) or "").startswith(help)
