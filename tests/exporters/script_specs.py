"""Specs whose scripts are compared with what mnistspec builds, one idea each."""

from __future__ import annotations

_HEAD = "mnistspec: 1\nseed: 9\n"


def _sequential(shape: str, layers: str, more: str = "") -> str:
    return f"{_HEAD}model: {{kind: sequential, input: {shape}, layers: [{layers}]}}\n{more}"


def _functional(inputs: str, layers: str, outputs: str = "", more: str = "") -> str:
    last = f", outputs: [{outputs}]" if outputs else ""
    return f"{_HEAD}model: {{kind: functional, inputs: {{{inputs}}}, layers: [{layers}]{last}}}\n{more}"


_DENSE = "{Dense: {units: 3, activation: softmax}}"

SPECS = {
    "two inputs and outputs": _functional(
        "left: [6], right: {shape: [6], dtype: int32}",
        "{Rescaling: {scale: 0.5, from: right}}, {Concatenate: {from: [left, rescaling]}}, "
        "{Dense: {units: 2, name: first}}, {Dense: {units: 2, from: concatenate}}",
        "first, dense",
        "compile: {optimizer: sgd, loss: {first: mse, dense: {Huber: {delta: 2}}}, loss_weights: {first: 1, dense: 0.5},"
        " metrics: {first: [mae, {MeanSquaredError: {name: squared}}]}}\n",
    ),
    "states of a bidirectional layer": _functional(
        "steps: [4, 3]",
        "{Bidirectional: {layer: {LSTM: {units: 2, return_state: true}}, from: steps, name: both}}, "
        "{Concatenate: {from: [both.0, both.2, both.4]}}, {Dense: {units: 1}}",
    ),
    "two wrapped layers of a class that also stands alone": _sequential(
        "[4, 3]",
        "{LSTM: {units: 3, return_sequences: true}}, {Bidirectional: {layer: {LSTM: {units: 2, return_sequences: true}},"
        " backward_layer: {GRU: {units: 2, return_sequences: true, go_backwards: true}}}}, {LSTM: {units: 3}}, "
        + _DENSE,
    ),
    "the backward layer written first": _sequential(
        "[4, 3]",
        "{Bidirectional: {backward_layer: {LSTM: {units: 2, go_backwards: true}}, layer: {LSTM: {units: 2}}}}",
    ),
    "cells": _sequential(
        "[4, 3]", "{RNN: {cell: [{LSTMCell: {units: 3}}, {GRUCell: {units: 2}}], return_sequences: true}}, {RNN: {cell: "
        "{SimpleRNNCell: {units: 2}}}}",
    ),
    "one cell in a list": _sequential("[4, 3]", "{RNN: {cell: [{LSTMCell: {units: 3}}]}}"),
    "a schedule in an optimizer": _sequential(
        "[6]", _DENSE, "compile: {optimizer: {AdamW: {learning_rate: {CosineDecay: {initial_learning_rate: 2e-3, "
        "decay_steps: 90, warmup_target: 1e-2, warmup_steps: 10}}, weight_decay: 1e-4}}, "
        "loss: {SparseCategoricalCrossentropy: {from_logits: true}}, metrics: [accuracy, "
        "{SparseTopKCategoricalAccuracy: {k: 2, name: top_2}}]}\n",
    ),
    "words and whole numbers where Keras wants objects and floats": _sequential(
        "[6]", _DENSE, "compile: {optimizer: {SGD: {learning_rate: 1, momentum: 0}}, loss: Poisson, "
        "metrics: [Precision, {AUC: {thresholds: [0.1, 0.5]}}], weighted_metrics: [mae], run_eagerly: true, "
        "jit_compile: false, auto_scale_loss: false}\n",
    ),
    "mixed precision": _sequential(
        "[6]", "{Dense: {units: 5, activation: relu}}, BatchNormalization, {Dense: {units: 3, dtype: float32}}",
        "compile: {optimizer: adam, loss: mse, precision: mixed_float16}\n",
    ),
    "bfloat16 alone": _sequential("[6]", _DENSE, "compile: {optimizer: adam, loss: mse, precision: bfloat16}\n"),
    "activations with arguments": _sequential(
        "[6]", "{Dense: {units: 4, activation: {leaky_relu: {negative_slope: 0.3}}}}, ReLU, {Dense: {units: 4, activation:"
        " {relu: {max_value: 6}}}}, LeakyReLU, ReLU, {Activation: {activation: gelu}}",
    ),
    "initializers, regularizers and constraints": _sequential(
        "[6]",
        "{Dense: {units: 5, bias_initializer: {RandomUniform: {maxval: 0.2}}, kernel_initializer: HeNormal, "
        "kernel_regularizer: {L1L2: {l1: 0.1}}}}, {Dense: {units: 4, kernel_initializer: {Constant: {value: 1}}, "
        "bias_initializer: ones, kernel_constraint: {MaxNorm: {max_value: 1}}, bias_constraint: NonNeg, "
        "kernel_regularizer: l2, activity_regularizer: L1}}, {Dense: {units: 3, kernel_initializer: glorot_normal, "
        "bias_initializer: Zeros, kernel_regularizer: {OrthogonalRegularizer: {factor: 0.1}}}}",
    ),
    "call arguments": _functional(
        "words: [12, 4], mask: {shape: [12, 12], dtype: bool}",
        "{Dropout: {rate: 0.1, call: {training: true}, from: words}}, {MultiHeadAttention: {num_heads: 2, key_dim: 4, "
        "from: {query: dropout, value: words, attention_mask: mask}, call: {return_attention_scores: true}, name: all}}"
        ", {Softmax: {from: all.1}}, {Flatten: {from: softmax}}, {Dropout: {rate: 0.5}}, Softmax",
    ),
    "seeds drawn when layers are called": _sequential(
        "[6]", "{SpectralNormalization: {layer: {Dense: {units: 4}}}}, {Dense: {units: 5, lora_rank: 2}}, {Dropout: "
        "{rate: 0.1}}, {Dense: {units: 3}}",
    ),
    "masks": _functional(
        "ids: {shape: [5], dtype: int32}",
        "{Embedding: {input_dim: 9, output_dim: 4, mask_zero: true, name: e}}, {Embedding: {input_dim: 9, output_dim: 4, "
        "mask_zero: true, from: ids}}, {Concatenate: {from: [e, embedding], name: pair}}, {Concatenate: {from: [e, pair], "
        "name: three}}, "
        "{LSTM: {units: 3}}, {Dense: {units: 1}}",
    ),
    "layers that make others unseen": _sequential(
        "[8, 8, 3]", "RandomColorJitter, {RandomContrast: {factor: 0.1}}, RandAugment, RandomShear, AugMix, "
        "{RandomBrightness: {factor: 0.1}}, Flatten",
    ),
    "a layer that Keras calls otherwise": _functional(
        "a: [4, 6]", "{GroupQueryAttention: {head_dim: 3, num_query_heads: 4, num_key_value_heads: 2, from: {query: a, "
        "value: a}}}, Softmax",
    ),
    "frozen layers with layers inside": _sequential(
        "[4, 3]", "{Bidirectional: {layer: {LSTM: {units: 2, return_sequences: true}}, trainable: false}}, {GRU: {units: 2,"
        " trainable: false}}, {Dense: {units: 2, trainable: false}}, {Dense: {units: 2}}", "compile: {loss: mse}\n",
    ),
    "names that are no Python names": _functional(
        '"1st in": [3], class: [3], "a\\"b\'c": [3], l: [3], SEED: [3]',
        '{Concatenate: {from: ["1st in", class, "a\\"b\'c", l, SEED], name: keras}}, {Dense: {units: 1, name: "a-b"}}, '
        '{Dense: {units: 1, name: a.b}}, {Dense: {units: 1, name: print, from: a-b}}, {Dense: {units: 1, from: keras}}, '
        "{Add: {from: [a.b, print, dense], name: 数字の合計は長い名前です数字の合計は長い名前です}}",
    ),
    "many inputs of one layer": _functional(
        ", ".join(f"an_input_with_a_long_name_{number}: [3]" for number in range(6)),
        "{Concatenate: {from: [" + ", ".join(f"an_input_with_a_long_name_{number}" for number in range(6)) + "]}}, "
        "{Add: {from: [concatenate, concatenate], name: sum}}",
    ),
    "fixed batches, sparse and ragged inputs aside": _functional(
        "a: {batch_shape: [4, 3], dtype: float64}, b: {shape: [3], batch_size: 4}, c: {shape: [3], optional: true}",
        "{Add: {from: [a, b]}}, {Dense: {units: 2}}, {Dense: {units: 2, from: c, name: d}}", "dense, d",
    ),
    "one input used alone and as a list of one": _functional(
        "x: [3]", "{Dense: {units: 3, from: x}}, {Identity: {from: x}}, {Add: {from: [dense, identity]}}",
    ),
    "deterministic": _sequential(
        "[6]", _DENSE, "deterministic: true\ncompile: {optimizer: adam, loss: mse}\n"
    ),
    "a seed of its own each time": _sequential("[6]", _DENSE).replace("seed: 9", "seed: null"),
}  # fmt: skip
