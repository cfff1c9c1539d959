"""Layers that learn from the data before training: vocabularies, means and variances, bin boundaries."""

from __future__ import annotations

from typing import Any

import keras

from mnistspec.datasets.stored import whole
from mnistspec.plan import LayerStep, Plan
from mnistspec.wrapping import wrapped


def adapt_layers(model: keras.Model, plan: Plan, x: Any) -> tuple[str, ...]:
    """Adapts, in the plan's order, each such layer to the training inputs `x`. Returns the layers' names."""
    adapted: list[str] = []
    for step in plan.steps:
        if step.model is not None:
            inner = _adapted_inside(model, plan, step, step.model, x)
            adapted.extend(f"{step.name}/{name}" for name in inner)
        elif step.learns:
            layer = model.get_layer(step.name)
            layer.adapt(_reaching(model, plan, layer.input, _source(step), x))
            adapted.append(step.name)
    return tuple(adapted)


def _adapted_inside(model: keras.Model, plan: Plan, step: LayerStep, inner: Plan, x: Any) -> tuple[str, ...]:
    """Adapts the layers of a nested model to what reaches it where it is first called."""
    if not any(inside.learns for inside in inner.everywhere()):
        return ()
    layer = model.get_layer(step.name)
    reached = keras.tree.flatten(_reaching(model, plan, _called_on(layer), _source(step), x))
    for _ in wrapped(step.call)[1:]:
        layer = layer.layer
        reached = [array.reshape(-1, *array.shape[2:]) for array in reached]  # each step as an example
    names = [given.name for given in inner.inputs]
    return adapt_layers(layer, inner, dict(zip(names, reached, strict=True)) if len(names) > 1 else reached[0])


def _called_on(layer: Any) -> Any:
    """The tensors that a nested model is first called on; its `input` are tensors of its own."""
    return layer._inbound_nodes[0].input_tensors


def _source(step: LayerStep) -> str | None:
    """The node that the layer is called on; None for several."""
    return None if len(step.inputs) > 1 else step.sources()[0].node


def _reaching(model: keras.Model, plan: Plan, tensors: Any, source: str | None, x: Any) -> Any:
    """The training inputs as they reach a layer that is called on `tensors`."""
    names = [given.name for given in plan.inputs]
    if source in names:
        return whole(x[source] if isinstance(x, dict) else x)
    given = keras.tree.map_structure(whole, x)
    return keras.Model(model.inputs, tensors).predict(given, batch_size=plan.batch_size, verbose=0)
