"""Layers that learn from the data before training: vocabularies, means and variances, bin boundaries."""

from __future__ import annotations

from typing import Any

import keras

from mnistspec.plan import Plan

# Layer -> the arguments that, when given, say what it would otherwise learn.
_LEARNS = {
    "Discretization": ("bin_boundaries",),
    "IntegerLookup": ("vocabulary",),
    "Normalization": ("mean", "variance"),
    "StringLookup": ("vocabulary",),
    "TextVectorization": ("vocabulary",),
}


def adapt_layers(model: keras.Model, plan: Plan, x: Any) -> tuple[str, ...]:
    """Adapts, in the plan's order, each such layer to the training inputs `x`. Returns the layers' names."""
    adapted: list[str] = []
    for step in plan.steps:
        arguments = _LEARNS.get(step.call.name)
        if arguments is None or any(step.call.argument(name) is not None for name in arguments):
            continue
        layer = model.get_layer(step.name)
        layer.adapt(_reaching(model, plan, layer, step.inputs[0].node, x))
        adapted.append(step.name)
    return tuple(adapted)


def _reaching(model: keras.Model, plan: Plan, layer: Any, source: str, x: Any) -> Any:
    """The training inputs as they reach the layer."""
    names = [given.name for given in plan.inputs]
    if source in names:
        return x[source] if isinstance(x, dict) else x
    return keras.Model(model.inputs, layer.input).predict(x, verbose=0)
