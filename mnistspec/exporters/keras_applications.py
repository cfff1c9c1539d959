"""The models of `keras.applications` as layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import keras

from mnistspec.diagnostics import DataUnavailable, first_line

# What Keras says, in a plain `Exception`, when it cannot download.
_NO_DOWNLOAD = "URL fetch failure"


def application(make: Callable[..., keras.Model], arguments: Mapping[str, Any], given: Sequence[Any]) -> keras.Model:
    """The model, for the shape of what is `given` to it where it says none; with `outputs` it ends in these layers.

    Raises: DataUnavailable where its weights cannot be downloaded.
    """
    own = {name: value for name, value in arguments.items() if name not in ("name", "outputs", "trainable")}
    name, outputs = arguments["name"], arguments.get("outputs")
    if own.get("input_shape") is None:
        own["input_shape"] = tuple(given[0].shape[1:])
    if own.get("weights", "imagenet") is None and not outputs:
        return make(**own, name=name)
    # Keras looks for published weights under the model's own name.
    model = _downloaded(make, own, name)
    ends = [_layer(model, layer).output for layer in outputs or ()] or [model.output]
    return keras.Model(model.input, ends[0] if len(ends) == 1 else ends, name=name)


def _downloaded(make: Callable[..., keras.Model], arguments: Mapping[str, Any], name: str) -> keras.Model:
    try:
        return make(**arguments)
    except Exception as error:
        if _NO_DOWNLOAD not in str(error):
            raise
        raise DataUnavailable(f"the weights of `{name}` cannot be downloaded: {first_line(error)}") from error


def _layer(model: keras.Model, name: str) -> Any:
    """A layer inside. Raises: ValueError where there is none of that name."""
    layers = {layer.name: layer for layer in model.layers}
    if name not in layers:
        near = get_close_matches(name, layers) or list(layers)[-3:]
        listed = ", ".join(f"`{other}`" for other in near)
        raise ValueError(f"it has no layer `{name}` inside; among its {len(layers)} layers are {listed}")
    return layers[name]
