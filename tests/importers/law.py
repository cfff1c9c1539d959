"""The law of importing: the spec of a model builds that model again, to the bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import mnistspec
from mnistspec.importers.masks import without_masks
from mnistspec.structures import filled

_OPERATIONS = "keras.src.ops."


def assert_law(model: Any, *, learnt: bool = False, run: bool = True, size: int = 2) -> str:
    """The spec of a model, once it is known to build the same config, the same weights and the same predictions.

    With `learnt` there are layers that know from the start what the model's own learnt from data: their configs differ,
    and weights that only hold what was learnt are gone. Without `run` nothing is predicted; `size` is of open axes.
    """
    text = mnistspec.from_keras(model)
    built = mnistspec.build(text)
    if not learnt:
        assert shown(built) == shown(model), text
        assert _weights(built) == _weights(model), text
    assert mnistspec.from_keras(built) == text
    if run:
        _copy_weights(model, built)
        assert results(built, examples(model, size)) == results(model, examples(model, size)), text
    return text


def shown(model: Any) -> Any:
    """A model's config as the law compares it: tuples as lists, operations on masks by number."""
    config = plain(model.get_config())
    # Of operations on masks nobody wrote the names.
    masks = _unread_operations(config)
    return _renamed(config, {name: f"operation {index}" for index, name in enumerate(masks)})


def _unread_operations(config: Any) -> list[str]:
    """The operations that only masks need."""
    layers = without_masks({"config": config})["config"]["layers"]
    sources = {entry["name"]: _sources(entry["inbound_nodes"]) for entry in layers if "inbound_nodes" in entry}
    read = set(_sources(config.get("output_layers", ())))
    waiting = [*read, *(_layers(layers) if sources else ())]
    while waiting:
        fresh = set(sources.get(waiting.pop(), ())) - read
        read |= fresh
        waiting += fresh
    return [entry["name"] for entry in layers if entry["module"].startswith(_OPERATIONS) and entry["name"] not in read]


def _layers(entries: Any) -> list[str]:
    return [entry["name"] for entry in entries if not entry["module"].startswith(_OPERATIONS)]


def _sources(value: Any) -> list[str]:
    """The names that stand first in references to outputs."""
    if isinstance(value, Mapping):
        return [name for inner in value.values() for name in _sources(inner)]
    if isinstance(value, list) and len(value) == 3 and isinstance(value[0], str):
        return [value[0]]
    return [name for inner in value for name in _sources(inner)] if isinstance(value, list) else []


def plain(value: Any) -> Any:
    """A config in the form that JSON would give it, arrays as lists."""
    if isinstance(value, Mapping):
        array = value.get("class_name") in ("__numpy__", "__tensor__")
        return plain(value["config"]["value"]) if array else {name: plain(inner) for name, inner in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def _weights(model: Any) -> list[Any]:
    """Shape and dtype of each weight, in the model's order."""
    return [(layer.name, tuple(weight.shape), weight.dtype) for layer in model.layers for weight in layer.weights]


def _copy_weights(model: Any, built: Any) -> None:
    for layer in model.layers:
        weights, own = layer.get_weights(), built.get_layer(layer.name)
        if len(weights) == len(own.weights):
            own.set_weights(weights)


def examples(model: Any, size: int = 2) -> Any:
    """An array for each input of the model, in its own structure: two examples where their number is open."""
    numbers = np.random.default_rng(7)
    arrays = [_example(given, numbers, size) for given in model.inputs]
    return filled(getattr(model, "_inputs_struct", arrays), arrays, list)


def _example(given: Any, numbers: Any, size: int) -> Any:
    import keras

    batch, *sizes = given.shape
    shape = (batch or 2, *(known or size for known in sizes))
    if given.dtype == "string":
        array = np.array(["a", "b", "c d", "x"])[numbers.integers(0, 4, shape)]
    elif given.dtype in ("float16", "bfloat16", "float32", "float64"):
        array = numbers.normal(size=shape)
    else:
        array = numbers.integers(0, 2 if given.dtype == "bool" else 3, shape)
    return keras.ops.convert_to_tensor(array, dtype=given.dtype)


def results(model: Any, given: Any) -> Any:
    """What the model makes of its inputs, to the bit; that it fails, where it does."""
    import keras

    try:
        outputs = keras.tree.flatten(model(given, training=False))
    except Exception as error:
        return type(error)
    return [_bits(np.asarray(keras.ops.convert_to_numpy(output))) for output in outputs]


def _bits(array: Any) -> Any:
    return array.dtype, array.shape, array.tolist() if array.dtype == "O" else array.tobytes()


def chain(k: Any, given: Any, *layers: Any) -> Any:
    """A model that calls the layers one after another."""
    tensor = given
    for layer in layers:
        tensor = layer(tensor)
    return k.Model(given, tensor)
