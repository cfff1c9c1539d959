"""Masks that Keras passes on by itself and notes in a config like arguments that somebody gave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mnistspec.importers.objects import is_operation

# Whether the mask that a layer has in one of its calls, under an argument, comes by itself.
ComesByItself = Callable[[str, int, str], bool]


def has_masks(config: Mapping[str, Any]) -> bool:
    """Whether masks that operations compute are passed in a model's graph, or in that of a model inside it."""
    return bool(without_all_masks(config) != config)


def without_all_masks(config: Mapping[str, Any]) -> Any:
    """A model's config without the masks that operations compute, in models inside it too."""
    bare = without_masks(config)
    layers = [_inside(entry) for entry in bare["config"].get("layers", ())]
    return {**bare, "config": {**bare["config"], "layers": layers}} if layers else bare


def _inside(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """A layer whose model, where it is or holds one, has none of these masks."""
    inner = entry["config"].get("layer")
    if entry["class_name"] in ("Functional", "Sequential"):
        return dict(without_all_masks(entry))
    if not isinstance(inner, Mapping) or "config" not in inner:
        return entry
    return {**entry, "config": {**entry["config"], "layer": _inside(inner)}}


def without_masks(
    config: Mapping[str, Any], comes_by_itself: ComesByItself = lambda layer, call, argument: True
) -> Any:
    """A model's config without the masks that operations compute and that come by themselves."""
    layers = config["config"].get("layers", ())
    operations = {entry["config"]["name"] for entry in layers if is_operation(entry)}
    if not operations:
        return config
    kept = [entry if is_operation(entry) else _without(entry, operations, comes_by_itself) for entry in layers]
    return {**config, "config": {**config["config"], "layers": kept}}


def _without(entry: Mapping[str, Any], operations: set[str], comes_by_itself: ComesByItself) -> Mapping[str, Any]:
    def kept(call: int, argument: str, value: Any) -> bool:
        computed = is_mask(argument) and bool(names := set(_nodes(value))) and names <= operations
        return not (computed and comes_by_itself(entry["name"], call, argument))

    def named(call: int, given: Mapping[str, Any]) -> dict[str, Any]:
        told = {name: value if kept(call, name, value) else None for name, value in given.items()}
        # Where there is no mask Keras notes that as `mask`, and nothing under the other names.
        return {name: value for name, value in told.items() if value is given[name] or name == "mask"}

    nodes = [{**node, "kwargs": named(call, node["kwargs"])} for call, node in enumerate(entry["inbound_nodes"])]
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
    return _nodes(list(value.values())) if isinstance(value, Mapping) else []


def without_unread(entries: Sequence[Mapping[str, Any]], outputs: Iterable[str]) -> list[Mapping[str, Any]]:
    """All layers, and the operations that lead to outputs; others have gone with the masks that they were for."""
    calls = {entry["name"]: entry["inbound_nodes"] for entry in entries}
    found, waiting = set[str](), list(outputs)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _nodes(calls.get(name, ()))
    return [entry for entry in entries if not is_operation(entry) or entry["name"] in found]
