"""Models out of blocks: built like the same layers written out, and known by their nodes' names to the end of a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import mnistspec

from .small import proven, record

pytestmark = pytest.mark.keras

_BLOCKS = """mnistspec: 1
name: two
seed: 3
data:
  source: mnist_sample
  limit: {train: 200, test: 50}
  prepare: {x: [{rescale: 255}, {reshape: [784]}]}
  targets: {heads/picture: x, heads/digit: y}
blocks:
  heads:
    needs: [units]
    layers:
      - Dense: {units: 784, activation: sigmoid, name: picture, from: input}
      - Dense: {units: "${units}", activation: softmax, name: digit, from: input}
    outputs: [picture, digit]
model:
  kind: functional
  layers:
    - repeat: {times: 2, layers: [{Dense: {units: "${8 + i}", activation: relu}}]}
    - use: {block: heads, with: {units: 10}}
compile:
  loss: {heads/picture: mse, heads/digit: sparse_categorical_crossentropy}
  metrics: {heads/digit: [accuracy]}
fit: {epochs: 1, callbacks: [{EarlyStopping: {monitor: heads__digit_loss, mode: min}}]}
"""
_WRITTEN_OUT = """mnistspec: 1
name: two
seed: 3
model:
  kind: functional
  input: [784]
  layers:
    - Dense: {units: 8, activation: relu}
    - Dense: {units: 9, activation: relu}
    - Dense: {units: 784, activation: sigmoid, name: picture, from: dense_1}
    - Dense: {units: 10, activation: softmax, name: digit, from: dense_1}
  outputs: [picture, digit]
"""


def test_the_weights_are_those_of_the_same_layers_written_out() -> None:
    built, by_hand = mnistspec.build(_BLOCKS, compile=False), mnistspec.build(_WRITTEN_OUT, compile=False)
    assert [layer.name for layer in built.layers[-2:]] == ["heads__picture", "heads__digit"]
    pairs = zip(built.get_weights(), by_hand.get_weights(), strict=True)
    assert all(np.array_equal(one, other) for one, other in pairs)


def test_outputs_in_a_block_are_trained_by_their_names_and_measured_again(tmp_path: Path) -> None:
    from mnistspec.runs.evaluation import evaluate_run

    run = mnistspec.run(_BLOCKS, out=tmp_path)
    assert proven(run) and record(run.folder)["model"]["outputs"] == ["heads__picture", "heads__digit"]
    again = evaluate_run(run, split="test", data=None, batch_size=None, say=lambda text: None)
    assert again.metrics == again.before and "heads__digit_accuracy" in again.metrics
