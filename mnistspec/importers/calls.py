"""What a layer of a functional model is called on: Keras' serialized calls as `from` and `call`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from mnistspec.catalogue import ClassFacts
from mnistspec.catalogue.kinds import ARRAY_DTYPES
from mnistspec.frozen import dataclass
from mnistspec.importers.folding.items import Fixed, Shape
from mnistspec.importers.objects import Unsayable, plain_value
from mnistspec.language import NESTED
from mnistspec.shapes.constants import dtype_of
from mnistspec.structures import Structure, leaves

# Layers that note in each call of theirs that it is none of training, told so or not.
NOTES_NO_TRAINING = frozenset([
    "AdditiveAttention", "AlphaDropout", "Attention", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Dropout", "GRU",
    "GRUCell", "GaussianDropout", "GaussianNoise", "LSTM", "LSTMCell", "RNN", "SimpleRNN", "SimpleRNNCell",
    "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "SpectralNormalization", "StackedRNNCells",
])  # fmt: skip


@dataclass(frozen=True)
class Output:
    """One output of a layer or an input, as Keras refers to it; `call` counts the calls of one layer."""

    node: str
    index: int
    call: int = 0


# An argument of a call: its place where it is given without its name, else its name.
Key: TypeAlias = int | str

# What one call argument is given: a tensor, or a list of them; constants stand among them.
One: TypeAlias = Output | Fixed
Given: TypeAlias = One | tuple[One, ...]


@dataclass(frozen=True)
class LayerCall:
    """One call of a layer or a function: tensors by call argument, and the other values by the names of theirs."""

    tensors: Mapping[Any, Given]
    constants: Mapping[str, Any]
    # Whether a nested model's call is to be said to the letter, by place or by name.
    exact: bool = False

    def sources(self) -> Iterator[Output]:
        """Every output that the call reads."""
        for given in self.tensors.values():
            items = given if isinstance(given, tuple) else (given,)
            yield from (item for item in items if isinstance(item, Output))

    def renamed(self, names: Mapping[tuple[str, int], str]) -> LayerCall:
        """The call with each output under the name of the node that gives it. Raises: Unsayable."""
        return replace(self, tensors={argument: _renamed(given, names) for argument, given in self.tensors.items()})


def _renamed(given: Given, names: Mapping[tuple[str, int], str]) -> Given:
    if isinstance(given, tuple):
        return tuple(item if isinstance(item, Fixed) else of_node(item, names) for item in given)
    return given if isinstance(given, Fixed) else of_node(given, names)


def of_node(output: Output, names: Mapping[tuple[str, int], str]) -> Output:
    """An output of a layer's call as one of the node that stands for it, by layer and call. Raises: Unsayable."""
    name = names.get((output.node, output.call))
    if name is None:
        raise Unsayable(f"it is called on what the call {output.call} of `{output.node}` gives, and there is none")
    return Output(name, output.index)


def layer_calls(facts: ClassFacts, nodes: Any, config: Mapping[str, Any]) -> list[LayerCall]:
    """The calls of a layer from its `inbound_nodes` and its own config. Raises: Unsayable."""
    if not nodes:
        raise Unsayable("nothing says what it is called on")
    return [_layer_call(facts, checked_node(node), config) for node in nodes]


def _layer_call(facts: ClassFacts, node: Mapping[str, Any], config: Mapping[str, Any]) -> LayerCall:
    given = _given(facts, node)
    if facts.name in NESTED:
        told = facts.name == "Sequential" and _is_told_masks(node, config)
        return _model_call(facts, given if told else _without_nothing(given), config.get("input_layers"))
    tensors = {key: tensors_of(value) for key, value in given.items() if _stands_in_from(key, value)}
    names = _names(facts)
    constants = {
        names[key] if isinstance(key, int) else key: plain_value(value, "float32")
        for key, value in given.items()
        if key not in tensors
    }
    return LayerCall(tensors, constants)


def _model_call(facts: ClassFacts, given: Mapping[Key, Any], inputs: Any) -> LayerCall:
    """The call of a nested model: on tensors in the structure of its inputs, or to the letter on others."""
    first = facts.first_argument
    key: Key = first if first in given else 0
    if key not in given:
        raise Unsayable("nothing says what it is called on")
    others = {str(name): value for name, value in given.items() if name != key}
    told = next((name for name, other in others.items() if holds_tensors(other)), None)
    if told is not None:
        raise Unsayable(f"it is given a tensor as `{told}`, and a spec gives a nested model those of its inputs alone")
    constants = {name: plain_value(other, "float32") for name, other in others.items()}
    value, shape = given[key], None if inputs is None else shape_of(inputs)
    if key == 0 and shape_of(value) == shape:
        return LayerCall({0: _taken_apart(value)}, constants)
    if inputs is not None and str(key) in {output.node for output in outputs_of(inputs)}:
        raise Unsayable(f"it is called otherwise than its inputs stand, one of which is named `{key}`")
    return LayerCall({key: _to_the_letter(value)}, constants, exact=True)


def _to_the_letter(value: Any) -> Given:
    """Tensors as a model is called on them, their structure before them where there is more than one list."""
    shape = shape_of(value)
    if shape is None or (isinstance(shape, tuple) and not any(shape)):
        return tensors_of(value)
    return Shape(shape), *map(_item, leaves(value, _is_tensor))


def shape_of(structure: Any) -> Structure:
    """The structure of serialized tensors or of references to such, with None for each."""
    if isinstance(structure, Mapping) and not _is_tensor(structure):
        return {key: shape_of(inner) for key, inner in structure.items()}
    is_list = isinstance(structure, list | tuple) and not (structure and isinstance(structure[0], str))
    return tuple(map(shape_of, structure)) if is_list else None


def _stands_in_from(key: Key, value: Any) -> bool:
    """Whether `from` says it: tensors, arrays in the places of some, and that a place has none."""
    arrays = any(map(is_array, value)) if isinstance(value, list | tuple) else is_array(value)
    return holds_tensors(value) or arrays or (value is None and isinstance(key, int))


def checked_node(node: Any) -> Mapping[str, Any]:
    """A call as Keras 3 notes it. Raises: Unsayable."""
    if not isinstance(node, Mapping):
        raise Unsayable("its config was written by Keras 2; load the model with Keras 3 and save it again")
    return node


def _given(facts: ClassFacts, node: Mapping[str, Any]) -> dict[Key, Any]:
    """What the call is given by place and by name, without what Keras puts there by itself.

    It stands in the order in which Keras looks through a call for its sources, which decides the order of a model's
    layers: first those without a name, then the others by their names.
    """
    names = _names(facts)
    if len(node["args"]) > len(names):
        raise Unsayable(f"it is called with {len(node['args'])} arguments, and `{facts.name}` takes {len(names)}")
    last = len(node["args"]) - 1
    placed: dict[Key, Any] = {
        place: value for place, value in enumerate(node["args"]) if value is not None or place == last
    }
    noted = facts.name not in NESTED and _is_noted(facts, node)
    named = {} if noted else dict(sorted(node["kwargs"].items()))
    return placed | named


def _is_told_masks(node: Mapping[str, Any], config: Mapping[str, Any]) -> bool:
    """Whether what a sequential model's call notes of masks was given to it.

    Keras notes that by itself of a call on nothing but a tensor, which must have the dtype of the model's input.
    """
    given, input_dtype = node["args"], config["layers"][0]["config"].get("dtype")
    is_alone = len(given) == 1 and _is_tensor(given[0]) and node["kwargs"].keys() == {"mask"}
    return not is_alone or given[0]["config"]["dtype"] != input_dtype


def _without_nothing(given: Mapping[Key, Any]) -> dict[Key, Any]:
    """What a nested model is given, without the mask that it notes where there is none."""
    return {key: value for key, value in given.items() if key != "mask" or not _is_nothing(value)}


def _names(facts: ClassFacts) -> tuple[str, ...]:
    """The arguments of a call in the order of their places."""
    return facts.first_argument, *facts.call_arguments


def _is_noted(facts: ClassFacts, node: Mapping[str, Any]) -> bool:
    """Whether Keras has put in all named arguments, as it does in a call on nothing but one tensor."""
    training = _noted_training(facts)
    noted: dict[str, bool | None] = {"training": training} if training is not None else {}
    if "mask" in facts.call_arguments:
        noted["mask"] = None
    return len(node["args"]) == 1 and _is_tensor(node["args"][0]) and node["kwargs"] == noted


def _noted_training(facts: ClassFacts) -> bool | None:
    """What a layer's call notes as `training` where it is not told: preprocessing of images works in training too."""
    if facts.name == "Pipeline" or "bounding_box_format" in facts.arguments:
        return True
    return False if facts.name in NOTES_NO_TRAINING else None


def _is_nothing(value: Any) -> bool:
    items = list(value.values()) if isinstance(value, Mapping) else value
    return value is None or (isinstance(items, list | tuple) and bool(items) and all(map(_is_nothing, items)))


def _is_tensor(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__"


def holds_tensors(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(holds_tensors, value))
    if isinstance(value, Mapping) and not _is_tensor(value):
        return any(map(holds_tensors, value.values()))
    return _is_tensor(value)


def _taken_apart(value: Any) -> Given:
    """What a nested model is called on: a tensor, or those in lists and maps, in the order of the model's inputs."""
    found = list(leaves(value, _is_tensor))
    return tensors_of(found[0] if len(found) == 1 else found)


def tensors_of(value: Any) -> Given:
    if _is_tensor(value):
        return output_of(value["config"]["keras_history"])
    if value is None:
        return Fixed(None)
    if is_array(value):
        return Fixed(_with_form(array_constant(value)))
    if not isinstance(value, list | tuple):
        raise Unsayable("it is called on a map of tensors, and `from` has names and lists of names")
    return tuple(map(_item, value))


def _with_form(constant: Any) -> Any:
    """A constant that stands alone in `from`, where a list would be one of tensors."""
    return {dtype_of(constant): constant} if isinstance(constant, list) else constant


def _item(value: Any) -> One:
    """A tensor in a list of them, or a constant among them. Raises: Unsayable."""
    if _is_tensor(value):
        return output_of(value["config"]["keras_history"])
    if value is not None and not is_array(value):
        inside = "a list in a list" if isinstance(value, list | tuple) else "a plain value among tensors"
        raise Unsayable(f"it is called on {inside}, and `from` has outputs of layers and arrays")
    return Fixed(None if value is None else array_constant(value))


def is_array(value: Any) -> bool:
    """Whether a serialized value is an array or a tensor."""
    return isinstance(value, Mapping) and value.get("class_name") in ("__numpy__", "__tensor__")


def array_constant(entry: Mapping[str, Any]) -> Any:
    """An array or a tensor as a spec has it: a list where that has the dtype by itself, else a map with it for the key.

    Raises: Unsayable.
    """
    dtype, value = entry["config"]["dtype"], entry["config"]["value"]
    if dtype not in ARRAY_DTYPES:
        raise Unsayable(f"it is called on an array of {dtype}, and a spec has numbers and booleans")
    array = value if isinstance(value, list) and dtype == dtype_of(value) else {dtype: value}
    return {"tensor": array} if entry["class_name"] == "__tensor__" else array


def outputs_of(structure: Any) -> list[Output]:
    """The outputs in a reference, or in lists and maps of such, in the order in which Keras takes them apart."""
    if isinstance(structure, Mapping):
        return [output for key in sorted(structure) for output in outputs_of(structure[key])]
    if structure and isinstance(structure[0], str):
        return [output_of(structure)]
    return [output for inner in structure for output in outputs_of(inner)]


def output_of(history: Any) -> Output:
    """What `[layer, call, output]` refers to."""
    return Output(str(history[0]), int(history[2]), int(history[1]))
