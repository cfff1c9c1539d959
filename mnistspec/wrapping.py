"""Layers around layers and models: what stands inside a layer, and the model that is at the end of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mnistspec.calls import Call, Value
from mnistspec.spec import LayerSpec, ModelSpec


def wrapped(call: Call) -> tuple[Call, ...]:
    """The layer and those inside it, each the `layer` of the one before."""
    inner = call.arguments.get("layer")
    return (call, *wrapped(inner)) if isinstance(inner, Call) else (call,)


def has_model(call: Call) -> bool:
    """Whether the layer is a model, or has one inside it."""
    inner = wrapped(call)[-1]
    return inner.model is not None or inner.facts.is_application


def with_innermost(call: Call, arguments: Mapping[str, Value]) -> Call:
    """The layer, with these arguments for the innermost of those inside it."""
    inner = call.arguments.get("layer")
    own = {"layer": with_innermost(inner, arguments)} if isinstance(inner, Call) else arguments
    return replace(call, arguments={**call.arguments, **own})


def model_inside(layer: LayerSpec) -> ModelSpec | None:
    """The nested model that an entry is, or has inside it."""
    call = layer.call
    if layer.model is not None or call is None:
        return layer.model
    return wrapped(call)[-1].model if "layer" in call.arguments else call.model
