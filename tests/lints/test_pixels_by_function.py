"""Pixels that a function of tensors may scale are left alone by the warning about unscaled ones."""

from __future__ import annotations

import mnistspec

_SPEC = """mnistspec: 1
data: {source: mnist_sample}
model:
  kind: functional
  layers:
    - Flatten
    - FUNCTION
    - Dense: {units: 10, activation: softmax}
compile: {loss: sparse_categorical_crossentropy}
fit: {}
"""


def _warnings(function: str) -> set[str]:
    return {found.name for found in mnistspec.check(_SPEC.replace("FUNCTION", function)).diagnostics}


def test_a_function_may_scale() -> None:
    assert "unscaled-pixels" in _warnings("Dense: {units: 8}")
    assert "unscaled-pixels" not in _warnings("ops.divide: {x2: 255}")
