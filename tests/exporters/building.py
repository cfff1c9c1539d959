"""Building specs and comparing what came out; importing this brings in Keras."""

from __future__ import annotations

import json
import re
from typing import Any

import keras
import numpy as np

import mnistspec
from mnistspec.exporters.resolved import resolved_text

__all__ = ["bits", "build", "config", "data_for", "keras", "outputs", "resolved", "weights"]

build = mnistspec.build


def resolved(text: str) -> str:
    """The spec with every default spelled out."""
    result = mnistspec.check(text)
    assert result.ok and result.spec is not None and result.graph is not None, result.diagnostics
    return resolved_text(result.spec, result.graph.graph)


def config(model: keras.Model) -> Any:
    """The model's config as JSON has it, without what Keras adds itself.

    Layers inside layers are counted anew in each process; some layers repeat a default once it is spelled out.
    """
    text = json.dumps(model.get_config(), default=str, sort_keys=True)
    text = re.sub(r', "autocast": true|"activity_regularizer": null, |"autocast": true, ', "", text)
    return json.loads(re.sub(r'("name": "[a-z_]+?\d*[a-z]*)_\d+"', r'\1"', text))


def weights(model: keras.Model) -> list[bytes]:
    """Every weight's bits."""
    return [keras.ops.convert_to_numpy(weight).tobytes() for weight in model.weights]


def data_for(model: keras.Model, count: int = 3) -> Any:
    """Random examples for each input, by name where there are several."""
    random = np.random.default_rng(0)
    found = {
        given.name: random.normal(size=(count, *given.shape[1:])).astype("float32")
        if given.dtype == "float32"
        else random.integers(0, 3, (count, *given.shape[1:]))
        for given in model.inputs
    }
    return found if len(found) > 1 else next(iter(found.values()))


def outputs(model: keras.Model) -> list[bytes]:
    """The bits of what the model predicts for `data_for` it."""
    return bits(model.predict(data_for(model), verbose=0))


def bits(arrays: Any) -> list[bytes]:
    return [np.asarray(array).tobytes() for array in (arrays if isinstance(arrays, list | tuple) else [arrays])]
