"""What preprocessing layers learnt from data, as the arguments that make a layer which knows it from the start."""

from __future__ import annotations

from typing import Any

import keras

from mnistspec.usual import nearest

_LOOKUPS = (keras.layers.IntegerLookup, keras.layers.StringLookup)
ADAPTABLE = (keras.layers.Normalization, keras.layers.TextVectorization, *_LOOKUPS)


def learnt_arguments(layer: Any) -> dict[str, Any]:
    """The arguments that stand for what the layer learnt; none where it learns nothing or has not learnt yet."""
    if isinstance(layer, keras.layers.Normalization):
        return _statistics(layer)
    if isinstance(layer, keras.layers.TextVectorization):
        return _vocabulary(layer._lookup_layer)
    return _vocabulary(layer) if isinstance(layer, _LOOKUPS) else {}


def _statistics(layer: Any) -> dict[str, Any]:
    if layer.input_mean is not None or not layer.built:
        return {}
    mean, variance = (keras.ops.convert_to_numpy(weight) for weight in (layer.adapt_mean, layer.adapt_variance))
    if not mean.any() and (variance == 1).all():
        return {}
    return {"mean": _numbers(mean.tolist()), "variance": _numbers(variance.tolist())}


def _numbers(value: Any) -> Any:
    """Numbers of 32 bits as short decimals, in lists as they are."""
    return [_numbers(item) for item in value] if isinstance(value, list) else nearest(value)


def _vocabulary(layer: Any) -> dict[str, Any]:
    if isinstance(layer.input_vocabulary, list | tuple) or not layer.get_vocabulary(include_special_tokens=False):
        return {}
    if layer.output_mode != "tf_idf":
        return {"vocabulary": _tokens(layer.get_vocabulary(include_special_tokens=False))}
    # With weights for all of them, the special tokens must stand among the others.
    tokens = _tokens(layer.get_vocabulary())
    weights = keras.ops.convert_to_numpy(layer.idf_weights).tolist()[: len(tokens)]
    return {"vocabulary": tokens, "idf_weights": _numbers(weights)}


def _tokens(vocabulary: list[Any]) -> list[Any]:
    """Tokens as plain strings and integers."""
    return [str(token) if isinstance(token, str) else int(token) for token in vocabulary]
