"""The section `model` of a spec from the config of a sequential or a functional model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, TypeAlias

from mnistspec.catalogue import ClassFacts
from mnistspec.exporters.resolved import escaped
from mnistspec.frozen import dataclass
from mnistspec.graph import snake_case
from mnistspec.importers.calls import Output, layer_calls, outputs_of, shape_of
from mnistspec.importers.entries import Layer, items_of, output_names
from mnistspec.importers.folding.items import Item, Ref
from mnistspec.importers.folding.writing import documents, unnamed_layers
from mnistspec.importers.functions import function_call, function_of
from mnistspec.importers.inputs import Input, input_document, read_input, several_inputs
from mnistspec.importers.masks import without_unread
from mnistspec.importers.nested import facts_of_nested, holds_model, nested_arguments
from mnistspec.importers.objects import Unsayable, about, arguments_of, facts_of, is_operation, policy_name
from mnistspec.importers.sharing import Called, nodes
from mnistspec.language import STRUCTURE_DEPTH
from mnistspec.structures import Structure, filled


@dataclass(frozen=True)
class ModelDocument:
    """The section's content beside its nodes, these as entries, and the nodes that its outputs come from.

    `said` are the outputs to write, None where the last node is the output. `before` is what the first node follows
    on, None in a sequential model. `known_as` has the output nodes by the names that Keras knows the outputs by, where
    these are others. `structure` is that of inputs and outputs where it does not go without saying.
    """

    body: dict[str, Any]
    items: tuple[Item, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    said: list[str] | None = None
    before: Ref | None = None
    known_as: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    structure: Mapping[str, Structure] = field(default_factory=dict)

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of the layers."""
        return tuple(item.nodes[0].replace("$${", "${") for item in self.items)

    def document(self, items: Sequence[Item] | None = None) -> dict[str, Any]:
        """The whole section, a layer an entry unless it is said by other `items`; texts are escaped already."""
        items = self.items if items is None else items
        layers = documents(items, self.before, unnamed_layers(items, self.inputs))
        outputs = {"outputs": self.said} if self.said is not None else {}
        structure = {"structure": escaped(self.structure)} if self.structure else {}
        return {**escaped(self.body), "layers": layers, **outputs, **structure}

    @property
    def without_input(self) -> bool:
        """Whether nothing says the shape of the input, as in a sequential model that is not built."""
        return "input" not in self.body and "inputs" not in self.body


# Makes the section of a nested model from its content.
Nested: TypeAlias = Callable[[ModelDocument], dict[str, Any]]


def sequential(model: Mapping[str, Any], policy: str, nested: Nested = ModelDocument.document) -> ModelDocument:
    """Raises: Unsayable, and UsageError naming a layer."""
    given, rest = _split(model["layers"])
    layers = [_layer(entry, str(entry["config"].get("name")), policy, nested) for entry in rest]
    if not layers:
        raise Unsayable("it has no layers")
    _check_frozen(model, rest)
    body: dict[str, Any] = {"kind": "sequential"}
    if given:
        body["input"] = input_document(given[0], "input")
    names = [one.name for one in given]
    return ModelDocument(body, tuple(items_of(layers, names, ())), tuple(names), (layers[-1].name,))


def functional(model: Mapping[str, Any], policy: str, nested: Nested = ModelDocument.document) -> ModelDocument:
    """Raises: Unsayable, and UsageError naming a layer."""
    known, rest = _split(model["layers"])
    inputs, outputs = several_inputs(model["input_layers"], known), _outputs(model["output_layers"], rest)
    read = without_unread(rest, (output.node for output in outputs))
    called = [_called(entry, policy, nested) for entry in read]
    if not called:
        raise Unsayable("it has no layers")
    _check_frozen(model, rest)
    names = [one.name for one in inputs]
    layers, given = nodes(called, names, outputs)
    body: dict[str, Any] = {"kind": "functional", "inputs": {one.name: input_document(one, one.name) for one in inputs}}
    said: list[str] | None = output_names(layers, names, given)
    if said == [escaped(layers[-1].name)]:
        said = None
    items, ends = items_of(layers, names, given), tuple(output.node for output in given)
    known_as = {} if isinstance(model["output_layers"], Mapping) else _known_as(outputs, given)
    structure = {
        "inputs": _structure(model["input_layers"], names),
        "outputs": _structure(model["output_layers"], output_names(layers, names, given)),
    }
    structure = {end: found for end, found in structure.items() if found is not None}
    said = None if "outputs" in structure else said
    return ModelDocument(body, tuple(items), tuple(names), ends, said, Ref(names[0]), known_as, structure)


def _known_as(outputs: Sequence[Output], nodes: Sequence[Output]) -> dict[str, tuple[str, ...]]:
    """The nodes of the outputs that Keras knows by one name, that of the layer: calls of it are nodes of their own."""
    pairs = [(old.node, new.node) for old, new in zip(outputs, nodes, strict=True)]
    return {name: tuple(dict.fromkeys(node for other, node in pairs if other == name)) for name, _ in pairs}


def _outputs(structure: Any, layers: Sequence[Mapping[str, Any]]) -> list[Output]:
    """The model's outputs. As such, and nowhere else, Keras counts the calls of nested functional models from 1."""
    from_one = {entry["name"] for entry in layers if entry["class_name"] == "Functional"}
    outputs = outputs_of(structure)
    return [replace(output, call=output.call - 1) if output.node in from_one else output for output in outputs]


def _structure(references: Any, names: Sequence[str]) -> Structure:
    """The names in the structure of references; None for one alone, or several in a list, which needs no saying."""
    shape = shape_of(references)
    usual = shape is None or (isinstance(shape, tuple) and len(shape) > 1 and not any(shape))
    if _depth(shape) > STRUCTURE_DEPTH:
        raise Unsayable(
            f"its inputs or outputs stand in lists or maps {_depth(shape)} deep, and a spec has {STRUCTURE_DEPTH}"
        )
    return None if usual else filled(shape, names, list)


def _depth(structure: Structure) -> int:
    inside = structure.values() if isinstance(structure, Mapping) else structure
    return 1 + max(map(_depth, inside), default=0) if inside is not None else 0


def _split(layers: Sequence[Mapping[str, Any]]) -> tuple[list[Input], list[Mapping[str, Any]]]:
    """The inputs and the layers proper."""
    given = [read_input(entry["config"]) for entry in layers if entry["class_name"] == "InputLayer"]
    return given, [entry for entry in layers if entry["class_name"] != "InputLayer"]


def _layer(entry: Mapping[str, Any], name: str, policy: str, nested: Nested) -> Layer:
    with about(name):
        is_escaped = holds_model(entry)
        facts, arguments = _with_model(entry, policy, nested) if is_escaped else _plain_layer(entry, policy)
        arguments.pop("name", None)
        return Layer(name, facts, arguments, is_escaped=is_escaped)


def _plain_layer(entry: Mapping[str, Any], policy: str) -> tuple[ClassFacts, dict[str, Any]]:
    facts = facts_of(entry)
    _check_inside(entry["config"])
    return facts, arguments_of(facts, entry, policy)


def _with_model(entry: Mapping[str, Any], policy: str, nested: Nested) -> tuple[ClassFacts, dict[str, Any]]:
    """A nested model, or a layer around one, with its arguments, whose texts are escaped."""
    model, config = facts_of_nested(entry), entry["config"]
    if model is not None:
        named = {} if config["name"] == snake_case(model.name) else {"name": escaped(config["name"])}
        build = sequential if model.name == "Sequential" else functional
        own = policy_name(config.get("dtype")) or policy
        body = nested(build(thawed(config), own, nested))
        return model, {**named, **nested_arguments(config, body, (policy, own))}
    others = {name: value for name, value in config.items() if name != "layer"}
    facts, arguments = _plain_layer({**entry, "config": others}, policy)
    _check_inside(config)
    inner, inside = _with_model(config["layer"], policy, nested)
    return facts, {**escaped(arguments), "layer": {inner.name: inside}}


def _called(entry: Mapping[str, Any], policy: str, nested: Nested) -> Called:
    """A layer of a functional model, or an operation in it, with its calls."""
    name = entry["name"]
    if not is_operation(entry):
        layer = _layer(entry, name, policy, nested)
        with about(name):
            _check_built(entry)
            calls = tuple(layer_calls(layer.facts, entry["inbound_nodes"], entry["config"]))
        return Called(name, layer.facts, layer.arguments, calls, layer.is_escaped)
    with about(name):
        facts = function_of(entry)
        arguments, call = function_call(facts, entry)
        return Called(name, facts, arguments, (call,))


def _check_built(entry: Mapping[str, Any]) -> None:
    """Raises: Unsayable for a sequential model first called on a list, which Keras then builds no graph of."""
    unbuilt = entry["class_name"] == "Sequential" and not entry["config"].get("build_input_shape")
    if unbuilt and any(shape_of(node["args"]) not in ((None,), ()) for node in entry["inbound_nodes"]):
        raise Unsayable("it is a sequential model without an input, called on a list or a map")


def thawed(model: Mapping[str, Any]) -> Mapping[str, Any]:
    """A model; where it is frozen, which freezes all that is in it, without the layers saying so again."""
    if model.get("trainable") is not False:
        return model
    _check_frozen(model, _split(model["layers"])[1])
    return {**model, "trainable": True, "layers": [_thawed_layer(entry) for entry in model["layers"]]}


def _thawed_layer(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    config = entry["config"]
    return {**entry, "config": {**config, "trainable": True}} if "trainable" in config else entry


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
