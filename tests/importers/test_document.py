"""Whole configs as specs, and what is refused, without Keras."""

from __future__ import annotations

from typing import Any

import pytest

from mnistspec.diagnostics import UsageError
from mnistspec.importers.document import spec_text

from .configs import called, functional, given, layer, made, sequential, tensor

_CONV = layer(
    "Conv2D", "conv2d", filters=8, kernel_size=[3, 3], strides=[1, 1], padding="valid", data_format="channels_last",
    activation="relu", kernel_initializer=made("keras.initializers.GlorotUniform", seed=None),
    kernel_regularizer=made("keras.regularizers.L2", l2=0.001),
)  # fmt: skip
_ADAM = made("keras.optimizers.Adam", name="adam_3", learning_rate=0.0010000000474974513, beta_1=0.9)


def _dense(name: str, units: int = 2, **config: Any) -> dict[str, Any]:
    return layer("Dense", name, units=units, **{"activation": "linear", **config})


def test_a_sequential_model_says_what_differs_from_the_defaults() -> None:
    config = sequential(
        given("input", None, 28, 28, 1), _CONV, layer("Flatten", "flatten", data_format="channels_last"),
        layer("Dropout", "dropout", rate=0.2, seed=3, noise_shape=None), _dense("digit", 10),
        compiled={"optimizer": _ADAM, "loss": "mse", "metrics": ["mae"], "jit_compile": False, "run_eagerly": False},
    )  # fmt: skip
    assert (
        spec_text(config)
        == """\
mnistspec: 1
name: net
model:
  kind: sequential
  input: [28, 28, 1]
  layers:
    - Conv2D: {filters: 8, kernel_size: 3, activation: relu, kernel_regularizer: {L2: {l2: 0.001}}}
    - Flatten
    - Dropout: {rate: 0.2, seed: 3}
    - Dense: {units: 10, name: digit}
compile:
  optimizer: Adam
  loss: mse
  metrics: [mae]
"""
    )


def test_a_functional_model_says_what_follows_not_by_itself() -> None:
    config = functional(
        given("x", None, 4), given("ids", 3, 4, dtype="int32"),
        called(_dense("dense"), tensor("x")),
        called(_dense("dense_1"), tensor("dense")),
        called(layer("Add", "add"), [tensor("dense"), tensor("dense_1")]),
        called(layer("Embedding", "words", input_dim=9, output_dim=4), tensor("ids")),
        called(layer("LSTM", "lstm", units=4, return_state=True), tensor("words"), training=False, mask=None),
        called(layer("GRU", "gru", units=4), tensor("words"), initial_state=[tensor("lstm", 1)]),
        called(layer("BatchNormalization", "batch_normalization"), tensor("gru"), training=True),
        inputs=[["x", 0, 0], ["ids", 0, 0]], outputs=[["batch_normalization", 0, 0], ["lstm", 0, 0], ["add", 0, 0]],
    )  # fmt: skip
    assert (
        spec_text(config)
        == """\
mnistspec: 1
name: net
model:
  kind: functional
  inputs:
    x: [4]
    ids: {shape: [4], batch_size: 3, dtype: int32}
  layers:
    - Dense: {units: 2}
    - Dense: {units: 2}
    - Add: {from: [dense, dense_1]}
    - Embedding: {input_dim: 9, output_dim: 4, from: ids, name: words}
    - LSTM: {units: 4, return_state: true}
    - GRU: {units: 4, from: {0: words, initial_state: [lstm.1]}}
    - BatchNormalization: {call: {training: true}}
  outputs: [batch_normalization, lstm.0, add]
"""
    )


def test_the_precision_of_a_compiled_model_goes_without_saying_in_its_layers() -> None:
    half = made("keras.DTypePolicy", name="mixed_bfloat16")
    layers = [given("input", None, 4), _dense("dense", dtype=half), _dense("dense_1")]
    settings = {"optimizer": _ADAM, "loss": "mse"}
    text = spec_text(sequential(*layers, dtype=half, compiled=settings))
    assert "precision: mixed_bfloat16" in text
    assert text.count("dtype") == 1 and "dtype: float32" in text
    apart = spec_text(sequential(*layers, dtype=half, compiled=settings), compile=False)
    assert "compile" not in apart
    assert apart.count("dtype") == 2 and "  dtype: mixed_bfloat16\n" in apart


def test_a_functional_model_has_the_precision_that_all_its_layers_share() -> None:
    half = made("keras.DTypePolicy", name="mixed_float16")
    ends: dict[str, Any] = {"inputs": ["x", 0, 0], "compiled": {"optimizer": _ADAM, "loss": "mse"}}
    first = called(_dense("dense", dtype=half), tensor("x"))
    text = spec_text(functional(given("x", None, 4), first, outputs=["dense", 0, 0], **ends))
    assert "precision: mixed_float16" in text
    second = called(_dense("dense_1"), tensor("dense"))
    mixed = spec_text(functional(given("x", None, 4), first, second, outputs=["dense_1", 0, 0], **ends))
    assert "precision" not in mixed and "dtype: mixed_float16" in mixed


def test_a_model_that_is_not_built_has_no_input_and_says_so() -> None:
    text = spec_text(sequential(_dense("dense")))
    assert text.startswith("# The model does not say its input's shape: add `input: [...]`")
    assert "input:" not in text.split("\n", 1)[1]


def test_another_name_may_be_given_where_a_models_own_cannot_be_a_specs() -> None:
    config = sequential(given("input", None, 4), _dense("dense"), name="my model")
    with pytest.raises(UsageError, match=r"`my model` cannot be a spec's name.*--name"):
        spec_text(config)
    assert "name: mine" in spec_text(config, name="mine")
