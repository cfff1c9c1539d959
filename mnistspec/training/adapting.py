"""Layers that learn from the data before training: vocabularies, means and variances, bin boundaries."""

from __future__ import annotations

from typing import Any

import keras

from mnistspec.datasets.stored import whole
from mnistspec.plan import LayerStep, Plan


def adapt_layers(model: keras.Model, plan: Plan, x: Any) -> tuple[str, ...]:
    """Adapts, in the plan's order, each such layer to the training inputs `x`. Returns the layers' names."""
    adapted: list[str] = []
    for step in plan.steps:
        if not step.learns:
            continue
        layer = model.get_layer(step.name)
        layer.adapt(_reaching(model, plan, layer, _source(step), x))
        adapted.append(step.name)
    return tuple(adapted)


def _source(step: LayerStep) -> str:
    """The node that the layer is called on."""
    port = step.inputs[0] if step.inputs else step.named[step.call.facts.first_argument]
    return port[0].node if isinstance(port, tuple) else port.node


def _reaching(model: keras.Model, plan: Plan, layer: Any, source: str, x: Any) -> Any:
    """The training inputs as they reach the layer."""
    names = [given.name for given in plan.inputs]
    if source in names:
        return whole(x[source] if isinstance(x, dict) else x)
    given = keras.tree.map_structure(whole, x)
    return keras.Model(model.inputs, layer.input).predict(given, batch_size=plan.batch_size, verbose=0)
