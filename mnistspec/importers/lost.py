"""Arguments that Keras forgets: its configs do not have them, and a saved model comes back with the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import keras

from mnistspec.catalogue import load
from mnistspec.importers.objects import refuse_function

# Where the object itself keeps them, by `namespace.Class` and argument.
_KEPT: dict[str, dict[str, str]] = {
    "layers.LSTM": {"use_cudnn": "use_cudnn", "implementation": "cell.implementation"},
    "layers.GRU": {"use_cudnn": "use_cudnn", "implementation": "cell.implementation"},
    "layers.LSTMCell": {"implementation": "implementation"},
    "layers.GRUCell": {"implementation": "implementation"},
    "layers.SimpleRNN": {"seed": "cell.seed"},
    "layers.MultiHeadAttention": {"flash_attention": "_flash_attention"},
    "layers.GroupQueryAttention": {"flash_attention": "_flash_attention"},
    "layers.CategoryEncoding": {"sparse": "sparse"},
    "layers.RandomGrayscale": {"seed": "seed"},
    "layers.MaxNumBoundingBoxes": {"fill_value": "fill_value"},
}
# These switch it off themselves.
_NEVER_AUTOCAST = (
    keras.layers.Embedding,
    keras.layers.ReversibleEmbedding,
    keras.layers.GroupNormalization,
    keras.layers.LayerNormalization,
)
# Their config has the dtype of variables or of the count, and says nothing of a policy.
_DTYPE_ONLY = (
    keras.layers.Discretization,
    keras.layers.HashedCrossing,
    keras.layers.SpatialDropout1D,
    keras.layers.SpatialDropout2D,
    keras.layers.SpatialDropout3D,
)


def lost_arguments(layer: Any) -> dict[str, Any]:
    """The arguments of a layer that its config lacks, read from the layer."""
    found = {name: _read(layer, path) for name, path in _KEPT.get(f"layers.{type(layer).__name__}", {}).items()}
    if getattr(getattr(layer, "cell", layer), "recurrent_dropout", 0):
        # Dropping states rules the other implementation out.
        found.pop("implementation", None)
    if not layer.autocast and not isinstance(layer, _NEVER_AUTOCAST):
        found["autocast"] = False
    if isinstance(layer, _DTYPE_ONLY):
        found["dtype"] = layer.dtype_policy.name
    return found


def _read(layer: Any, path: str) -> Any:
    return reduce(getattr, path.split("."), layer)


def lost_settings(model: keras.Model, config: Mapping[str, Any]) -> dict[str, Any]:
    """The settings a model was compiled with, with what its losses and metrics and Keras itself do not note."""
    made: Mapping[str, Any] = model._compile_config.config
    named = {name: _completed(config[name], made[name]) for name in ("loss", "metrics", "weighted_metrics")}
    unscaled = model.dtype_policy.name == "mixed_float16" and not isinstance(
        model.optimizer, keras.optimizers.LossScaleOptimizer
    )
    return {**config, **named, "auto_scale_loss": not unscaled}


def _completed(config: Any, made: Any) -> Any:
    """A serialized loss or metric, or a structure of them, completed from the objects. Raises: Unsayable."""
    refuse_function(made)
    if isinstance(made, Mapping):
        return {name: _completed(config[name], inner) for name, inner in made.items()}
    if isinstance(made, list | tuple):
        return [_completed(item, inner) for item, inner in zip(config, made, strict=True)]
    if not isinstance(made, keras.losses.Loss | keras.metrics.Metric):
        return config
    return {**config, "config": {**_function_arguments(made), **config["config"]}}


def _function_arguments(made: Any) -> dict[str, Any]:
    """The arguments of the function that a loss or a metric wraps, and the dtype of a loss."""
    namespace = "losses" if isinstance(made, keras.losses.Loss) else "metrics"
    facts = load()[namespace].find(type(made).__name__)
    kept = {**getattr(made, "_fn_kwargs", {}), "dtype": made.dtype}
    return {name: value for name, value in kept.items() if facts is not None and name in facts.arguments}
