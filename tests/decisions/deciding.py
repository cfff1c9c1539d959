"""Specs to decide on, checked without Keras."""

from __future__ import annotations

from typing import Any

import yaml

import mnistspec
from mnistspec.decisions import Decisions, decide

_DENSE = ({"Dense": {"units": 100, "activation": "relu"}}, {"Dense": {"units": 10, "activation": "softmax"}})


def decided(
    layers: tuple[Any, ...] = _DENSE,
    *,
    shape: tuple[int, ...] = (784,),
    examples: int | None = 54_000,
    accelerated: bool = False,
    compiled: dict[str, Any] | None = None,
    fit: dict[str, Any] | None = None,
    **top: Any,
) -> Decisions:
    """The decisions for ten epochs of dense layers in batches of 100, and what is to be otherwise."""
    document = {
        "mnistspec": 1,
        "model": {"kind": "sequential", "input": {"shape": list(shape)}, "layers": list(layers)},
        "compile": {"optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
        | (compiled or {}),
        "fit": {"epochs": 10, "batch_size": 100} | (fit or {}),
        **top,
    }
    checked = mnistspec.check(yaml.safe_dump(document))
    assert checked.ok and checked.graph is not None and checked.spec is not None, checked.diagnostics
    return decide(checked.graph, checked.spec, examples=examples, accelerated=accelerated)
