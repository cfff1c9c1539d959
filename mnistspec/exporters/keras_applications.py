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
    own = {name: value for name, value in arguments.items() if name not in ("outputs", "trainable")}
    if own.get("input_shape") is None:
        own["input_shape"] = tuple(given[0].shape[1:])
    try:
        model = make(**own)
    except Exception as error:
        if _NO_DOWNLOAD not in str(error):
            raise
        raise DataUnavailable(f"the weights of `{own['name']}` cannot be downloaded: {first_line(error)}") from error
    names = arguments.get("outputs")
    if not names:
        return model
    outputs = [_layer(model, name).output for name in names]
    return keras.Model(model.input, outputs[0] if len(outputs) == 1 else outputs, name=own["name"])


def _layer(model: keras.Model, name: str) -> Any:
    """A layer inside. Raises: ValueError where there is none of that name."""
    layers = {layer.name: layer for layer in model.layers}
    if name not in layers:
        near = get_close_matches(name, layers) or list(layers)[-3:]
        listed = ", ".join(f"`{other}`" for other in near)
        raise ValueError(f"it has no layer `{name}` inside; among its {len(layers)} layers are {listed}")
    return layers[name]
