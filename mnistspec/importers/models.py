"""The section `model` of a spec from the config of a sequential or a functional model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mnistspec.exporters.resolved import escaped
from mnistspec.importers.calls import Output, layer_call, outputs_of
from mnistspec.importers.entries import Layer, items_of, output_names
from mnistspec.importers.folding.items import Item, Ref
from mnistspec.importers.inputs import Input, input_document, read_input, several_inputs
from mnistspec.importers.objects import Unsayable, about, arguments_of, facts_of, is_operation


@dataclass(frozen=True)
class ModelDocument:
    """The section's content beside its layers, these as entries, and the layers that its outputs come from.

    `said` are the outputs to write, None where the last layer is the output. `before` is what the first layer follows
    on, None in a sequential model.
    """

    body: dict[str, Any]
    items: tuple[Item, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    said: list[str] | None = None
    before: Ref | None = None

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of the layers."""
        return tuple(item.nodes[0].replace("$${", "${") for item in self.items)

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
    names = [one.name for one in given]
    return ModelDocument(body, tuple(items_of(layers, names, ())), tuple(names), (layers[-1].name,))


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
    said: list[str] | None = output_names(layers, names, outputs)
    if said == [escaped(layers[-1].name)]:
        said = None
    items, read = items_of(layers, names, outputs), tuple(output.node for output in outputs)
    return ModelDocument(body, tuple(items), tuple(names), read, said, Ref(names[0]))


def _split(layers: Sequence[Mapping[str, Any]]) -> tuple[list[Input], list[Mapping[str, Any]]]:
    """The inputs and the layers proper."""
    given = [read_input(entry["config"]) for entry in layers if entry["class_name"] == "InputLayer"]
    return given, [entry for entry in layers if entry["class_name"] != "InputLayer"]


def _layer(entry: Mapping[str, Any], name: str, policy: str, *, called: bool = False) -> Layer:
    with about(name):
        facts = facts_of(entry)
        _check_inside(entry["config"])
        arguments = arguments_of(facts, entry, policy)
        arguments.pop("name", None)
        return Layer(name, facts, arguments, layer_call(facts, entry["inbound_nodes"]) if called else None)


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
