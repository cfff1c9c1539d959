"""Masks that Keras passes on by itself and notes in a config like arguments that somebody gave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mnistspec.importers.objects import is_operation

# Whether the mask that a layer's call has under an argument comes by itself.
ComesByItself = Callable[[str, str], bool]


def has_operations(config: Mapping[str, Any]) -> bool:
    """Whether functions of keras.ops stand in a model's graph: masks are computed by such."""
    layers = config["config"].get("layers", ())
    return any(map(is_operation, layers))


def without_masks(config: Mapping[str, Any], comes_by_itself: ComesByItself = lambda layer, argument: True) -> Any:
    """A model's config without the masks that operations compute and that come by themselves."""
    layers = config["config"].get("layers", ())
    operations = {entry["config"]["name"] for entry in layers if is_operation(entry)}
    if not operations:
        return config
    kept = [_without(entry, operations, comes_by_itself) for entry in layers]
    return {**config, "config": {**config["config"], "layers": kept}}


def _without(entry: Mapping[str, Any], operations: set[str], comes_by_itself: ComesByItself) -> Mapping[str, Any]:
    def kept(argument: str, value: Any) -> bool:
        computed = is_mask(argument) and bool(names := set(_nodes(value))) and names <= operations
        return not (computed and comes_by_itself(entry["name"], argument))

    nodes = [
        {**node, "kwargs": {name: value for name, value in node["kwargs"].items() if kept(name, value)}}
        for node in entry["inbound_nodes"]
    ]
    return {**entry, "inbound_nodes": nodes}


def is_mask(argument: str) -> bool:
    """Whether Keras may fill this call argument by itself."""
    return argument == "mask" or argument.endswith("_mask")


def _nodes(value: Any) -> list[str]:
    """The nodes that a call argument reads."""
    if isinstance(value, list | tuple):
        return [name for item in value for name in _nodes(item)]
    if isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__":
        return [str(value["config"]["keras_history"][0])]
    return []
