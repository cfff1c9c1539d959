"""Which masks of a functional model Keras passes on by itself, and which somebody passed."""

from __future__ import annotations

from typing import Any

import keras

from mnistspec.importers.masks import ComesByItself, is_mask


def passed_by_keras(model: keras.Model) -> ComesByItself:
    """Tells of a mask argument whether calling the layer without it would give it the same mask."""
    made = {id(node) for level in model._nodes_by_depth.values() for node in level}
    nodes = {
        operation.name: [node for node in operation._inbound_nodes if id(node) in made]
        for operation in model.operations
    }

    def comes_by_itself(layer: str, call: int, argument: str) -> bool:
        given = _arguments(nodes[layer][call])
        source = _source(given, argument)
        return source is not None and _same(given[argument], _own_masks(source))

    return comes_by_itself


def _arguments(node: Any) -> dict[str, Any]:
    """What a layer was called on, by call argument."""
    positional = zip(node.operation._call_signature.parameters, node.arguments.args, strict=False)
    return {**dict(positional), **node.arguments.kwargs}


def _source(given: dict[str, Any], mask: str) -> Any:
    """What a mask is the mask of: the argument it is named after, or the only one that holds tensors."""
    if mask != "mask":
        return given.get(mask.removesuffix("_mask"))
    tensors = [value for name, value in given.items() if not is_mask(name) and _holds_tensor(value)]
    return tensors[0] if len(tensors) == 1 else None


def _holds_tensor(value: Any) -> bool:
    return any(isinstance(leaf, keras.KerasTensor) for leaf in keras.tree.flatten(value))


def _own_masks(value: Any) -> Any:
    """The masks that tensors carry, in their structure."""
    return keras.tree.map_structure(lambda tensor: getattr(tensor, "_keras_mask", None), value)


def _same(one: Any, other: Any) -> bool:
    """Whether two structures of tensors and constants are computed alike from the same layers."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, keras.KerasTensor) and isinstance(other, keras.KerasTensor):
        return one is other or _same_origin(one, other)
    return type(one) is type(other) and one == other


def _same_origin(one: Any, other: Any) -> bool:
    maker, call, index = one._keras_history
    other_maker, other_call, other_index = other._keras_history
    if index != other_index:
        return False
    if isinstance(maker, keras.Layer) or isinstance(other_maker, keras.Layer):
        return maker is other_maker and call == other_call
    if type(maker) is not type(other_maker) or not _same_settings(maker, other_maker):
        return False
    return _same_calls(maker._inbound_nodes[call], other_maker._inbound_nodes[other_call])


def _same_settings(one: Any, other: Any) -> bool:
    """Whether two operations of one class were made with the same arguments."""
    configs = ({**operation.get_config(), "name": None} for operation in (one, other))
    return next(configs) == next(configs)


def _same_calls(one: Any, other: Any) -> bool:
    keywords, others = one.arguments.kwargs, other.arguments.kwargs
    return (
        _same(list(one.arguments.args), list(other.arguments.args))
        and keywords.keys() == others.keys()
        and all(_same(keywords[name], others[name]) for name in keywords)
    )
