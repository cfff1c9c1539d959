"""The section `model` of a spec from the config of a sequential or a functional model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mnistspec.importers.calls import Output, layer_call, outputs_of
from mnistspec.importers.entries import Layer, entries, output_names
from mnistspec.importers.inputs import Input, input_document, read_input, several_inputs
from mnistspec.importers.nested import facts_of_nested, nested_arguments
from mnistspec.importers.objects import Unsayable, about, arguments_of, facts_of, is_operation


@dataclass(frozen=True)
class ModelDocument:
    """The section's content, the names of its layers, and the layers that its outputs come from."""

    body: dict[str, Any]
    layers: tuple[str, ...]
    outputs: tuple[str, ...]

    @property
    def without_input(self) -> bool:
        """Whether nothing says the shape of the input, as in a sequential model that is not built."""
        return "input" not in self.body and "inputs" not in self.body


def sequential(model: Mapping[str, Any], policy: str) -> ModelDocument:
    """Raises: Unsayable, and UsageError naming a layer."""
    given, rest = _split(model["layers"])
    layers = [_layer(entry, str(entry["config"].get("name")), policy) for entry in rest]
    if not layers:
        raise Unsayable("it has no layers")
    _check_frozen(model, rest)
    body: dict[str, Any] = {"kind": "sequential"}
    if given:
        body["input"] = input_document(given[0], "input")
    body["layers"] = entries(layers, [one.name for one in given], ())
    return ModelDocument(body, tuple(layer.name for layer in layers), (layers[-1].name,))


def functional(model: Mapping[str, Any], policy: str) -> ModelDocument:
    """Raises: Unsayable, and UsageError naming a layer."""
    known, rest = _split(model["layers"])
    inputs, outputs = several_inputs(model["input_layers"], known), _outputs(model["output_layers"])
    layers = [_layer(entry, entry["name"], policy, called=True) for entry in rest if not is_operation(entry)]
    _check_operations(rest, layers, outputs)
    if not layers:
        raise Unsayable("it has no layers")
    _check_frozen(model, rest)
    names = [one.name for one in inputs]
    body: dict[str, Any] = {"kind": "functional", "inputs": {one.name: input_document(one, one.name) for one in inputs}}
    body["layers"] = entries(layers, names, outputs)
    said = output_names(layers, names, outputs)
    if said != [layers[-1].name]:
        body["outputs"] = said
    return ModelDocument(body, tuple(layer.name for layer in layers), tuple(output.node for output in outputs))


def _split(layers: Sequence[Mapping[str, Any]]) -> tuple[list[Input], list[Mapping[str, Any]]]:
    """The inputs and the layers proper."""
    given = [read_input(entry["config"]) for entry in layers if entry["class_name"] == "InputLayer"]
    return given, [entry for entry in layers if entry["class_name"] != "InputLayer"]


def _layer(entry: Mapping[str, Any], name: str, policy: str, *, called: bool = False) -> Layer:
    with about(name):
        nested = facts_of_nested(entry)
        if nested is not None:
            call = layer_call(nested, entry["inbound_nodes"]) if called else None
            return Layer(name, nested, nested_arguments(entry["config"], _nested(entry, policy).body), call)
        facts = facts_of(entry)
        _check_inside(entry["config"])
        arguments = arguments_of(facts, entry, policy)
        arguments.pop("name", None)
        return Layer(name, facts, arguments, layer_call(facts, entry["inbound_nodes"]) if called else None)


def _nested(entry: Mapping[str, Any], policy: str) -> ModelDocument:
    """The content of a model inside the model. Raises: Unsayable, and UsageError naming a layer."""
    build = sequential if entry["class_name"] == "Sequential" else functional
    return build(entry["config"], policy)


def _outputs(structure: Any) -> list[Output]:
    if isinstance(structure, Mapping):
        raise Unsayable("it returns its outputs in a map, and a spec's model returns them in a list")
    return outputs_of(structure)


def _check_frozen(model: Mapping[str, Any], layers: Sequence[Mapping[str, Any]]) -> None:
    """A spec freezes layers, which is as good while every layer of a frozen model is frozen too."""
    free = [entry["config"]["name"] for entry in layers if entry["config"].get("trainable") is True]
    if model.get("trainable") is False and free:
        raise Unsayable(f"it is frozen as a whole while its layer `{free[0]}` is not, and a spec freezes layers only")


def _check_inside(config: Mapping[str, Any]) -> None:
    """A spec that freezes a layer freezes all inside it; Keras' constructors leave what is inside."""
    inside: Mapping[str, Any] = (config.get("layer") or config.get("cell") or {}).get("config", {})
    if config.get("trainable") is False and inside.get("trainable") is True:
        raise Unsayable(f"it is frozen while `{inside['name']}` inside it trains; a spec freezes both or none")


def _check_operations(rest: Sequence[Mapping[str, Any]], layers: Sequence[Layer], outputs: Sequence[Output]) -> None:
    """Operations that nothing reads have gone with the masks they were for; others cannot be said."""
    read = {source.node for layer in layers if layer.call is not None for source in layer.call.sources()}
    read |= {output.node for output in outputs}
    for entry in rest:
        if is_operation(entry) and entry["name"] in read:
            with about(entry["name"]):
                facts_of(entry)
