"""Calls as Python writes them, as the entries of a spec that say the same."""

from __future__ import annotations

import pytest

from mnistspec.catalogue import load
from mnistspec.values.python_text import as_entry


@pytest.mark.parametrize(
    ("namespace", "text", "entry"),
    [
        ("layers", "Flatten()", "Flatten"),
        ("layers", "keras.layers.Dense(10, 'relu')", "Dense: {units: 10, activation: relu}"),
        ("layers", "Conv2D(8, (3, 3), padding='same')", "Conv2D: {filters: 8, kernel_size: [3, 3], padding: same}"),
        ("layers", "Dense(1, use_bias=False, activation=None)", "Dense: {units: 1, use_bias: false, activation: null}"),
        ("layers", "Dense(1, activation=tf.nn.relu)", "Dense: {units: 1, activation: relu}"),
        ("layers", "TimeDistributed(layers.Dense(3))", "TimeDistributed: {layer: {Dense: {units: 3}}}"),
        ("layers", "Bidirectional(LSTM(4), name='a: b')", 'Bidirectional: {layer: {LSTM: {units: 4}}, name: "a: b"}'),
        ("optimizers", "Adam(1e-3)", "Adam: {learning_rate: 0.001}"),
        ("regularizers", "l2(-1)", "L2: {l2: -1}"),
    ],
)
def test_a_call_is_an_entry(namespace: str, text: str, entry: str) -> None:
    assert as_entry(text, load(), namespace) == entry


@pytest.mark.parametrize(
    "text",
    ["Dense(units * 2)", "Dense(**more)", "Dense(*[1])", "Nothing(3)", "Lambda(f)", "Dense(", "Dense", "f(1)(2)",
     "Flatten(" + "(" * 500 + ")" * 500 + ")", "Flatten(1, 2, 3, 4, 5, 6, 7, 8, 9)"],
)  # fmt: skip
def test_what_is_no_plain_call_is_none(text: str) -> None:
    assert as_entry(text, load(), "layers") is None
