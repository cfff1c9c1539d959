"""What the fast kernel of a GPU can compute, and what is known to be slow."""

from __future__ import annotations

import pytest

from tests.lints.checking import of_layers


@pytest.mark.parametrize(
    ("layer", "found"),
    [
        ("LSTM: {units: 3}", []),
        ("LSTM: {units: 3, activation: tanh, recurrent_activation: sigmoid, dropout: 0.2, go_backwards: true}", []),
        ("LSTM: {units: 3, recurrent_dropout: 0.2}", ["I903"]),
        ("LSTM: {units: 3, activation: relu}", ["I903"]),
        ("LSTM: {units: 3, recurrent_activation: hard_sigmoid, unroll: true}", ["I903"]),
        ("LSTM: {units: 3, activation: relu, use_cudnn: false}", []),
        ("GRU: {units: 3}", []),
        ("GRU: {units: 3, reset_after: false}", ["I903"]),
        ("SimpleRNN: {units: 3, activation: relu}", []),
        ("Bidirectional: {layer: {GRU: {units: 3, use_bias: false}}}", ["I903"]),
        ("RNN: {cell: {LSTMCell: {units: 3}}}", ["I903"]),
        ("RNN: {cell: {LSTMCell: {units: 3, recurrent_dropout: 0.2}}}", []),
        ("RNN: {cell: {LSTMCell: {units: 3}}, unroll: true}", []),
        ("RNN: {cell: {SimpleRNNCell: {units: 3}}}", []),
        ("LSTM: {units: 3, recurrent_dropout: 0.2, activaton: relu}", ["E206"]),
    ],
)
def test_recurrent_layers(layer: str, found: list[str]) -> None:
    assert of_layers(layer, shape="[4, 8]") == found
