"""A model's config as the text of a spec."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mnistspec.diagnostics import UsageError, has_errors
from mnistspec.exporters.resolved import dump
from mnistspec.importers.calls import Output, layer_call, output_of
from mnistspec.importers.compiled import compile_section
from mnistspec.importers.entries import Layer, entries, output_names
from mnistspec.importers.inputs import Input, input_document, read_input, several_inputs
from mnistspec.importers.objects import Unsayable, about, arguments_of, facts_of, is_operation, policy_name
from mnistspec.language import VERSION
from mnistspec.pipeline import check_source
from mnistspec.source import Source

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_NO_INPUT = "# The model does not say its input's shape: add `input: [...]` under `model`, or a `data` section.\n"


def spec_text(config: Mapping[str, Any], *, name: str | None = None, compile: bool = True) -> str:
    """The spec of a model's config, in the form that `model.to_json()` has.

    `name` replaces the model's own; `compile` says whether the settings that the model was compiled with are wanted.

    Raises: UsageError, naming the layer and the reason, for a model that the language cannot say.
    """
    model = config["config"]
    own_name = name or str(model.get("name", "model"))
    with about(own_name):
        kind = _kind(config)
    if not _NAME.fullmatch(own_name):
        raise UsageError(
            f"`{own_name}` cannot be a spec's name, which has letters, digits, `_`, `-` and `.`; give it another `name`"
        )
    compiled = config.get("compile_config") if compile else None
    policy = _policy(model) if compiled else "float32"
    with about(own_name):
        document, outputs = _sequential(model, policy) if kind == "sequential" else _functional(model, policy)
    spec: dict[str, Any] = {"mnistspec": VERSION, "name": own_name, "model": {"kind": kind, **document}}
    if compiled:
        with about("compile"):
            spec["compile"] = compile_section(compiled, outputs, policy)
    return _checked(dump(spec), given_input="input" in document or "inputs" in document)


def _kind(config: Mapping[str, Any]) -> str:
    class_name, module = config["class_name"], str(config.get("module"))
    if class_name not in ("Sequential", "Functional") or not module.startswith("keras"):
        raise Unsayable(f"it is a `{class_name}`, made by Python code; sequential and functional models can be written")
    return str(class_name).lower()


def _policy(model: Mapping[str, Any]) -> str:
    """The dtype policy that goes without saying: the model's own, or in a functional model that of all its layers."""
    if model.get("dtype") is not None:
        return _named_policy(model["dtype"]) or "float32"
    said = [entry["config"].get("dtype") for entry in model["layers"]]
    names = {_named_policy(dtype) for dtype in said if isinstance(dtype, Mapping)}
    return (names.pop() if len(names) == 1 else None) or "float32"


def _named_policy(dtype: Any) -> str | None:
    try:
        return policy_name(dtype)
    except Unsayable:
        return None


def _sequential(model: Mapping[str, Any], policy: str) -> tuple[dict[str, Any], list[str]]:
    """What `model` holds, and the names of the outputs."""
    given, rest = _split(model["layers"])
    layers = [_layer(entry, entry["config"].get("name"), policy) for entry in rest]
    _check_frozen(model, rest)
    if len(given) > 1 or not layers:
        raise Unsayable("it has several inputs" if layers else "it has no layers")
    said = [input_document(one, "input") for one in given]
    document = {"input": said[0]} if said else {}
    return {**document, "layers": entries(layers, [one.name for one in given], ())}, [layers[-1].name]


def _functional(model: Mapping[str, Any], policy: str) -> tuple[dict[str, Any], list[str]]:
    known, rest = _split(model["layers"])
    inputs = several_inputs(model["input_layers"], known)
    outputs = _outputs(model["output_layers"])
    layers = [_layer(entry, entry["name"], policy, called=True) for entry in rest if not is_operation(entry)]
    _check_frozen(model, rest)
    _check_operations(rest, layers, outputs)
    if not layers:
        raise Unsayable("it has no layers")
    names = [one.name for one in inputs]
    document: dict[str, Any] = {
        "inputs": {one.name: input_document(one, one.name) for one in inputs},
        "layers": entries(layers, names, outputs),
    }
    said = output_names(layers, names, outputs)
    if said != [layers[-1].name]:
        document["outputs"] = said
    return document, [output.node for output in outputs]


def _split(layers: Sequence[Mapping[str, Any]]) -> tuple[list[Input], list[Mapping[str, Any]]]:
    """The inputs and the layers proper."""
    given = [read_input(entry["config"]) for entry in layers if entry["class_name"] == "InputLayer"]
    return given, [entry for entry in layers if entry["class_name"] != "InputLayer"]


def _layer(entry: Mapping[str, Any], name: Any, policy: str, *, called: bool = False) -> Layer:
    with about(str(name)):
        facts = facts_of(entry)
        _check_inside(entry["config"])
        arguments = arguments_of(facts, entry, policy)
        arguments.pop("name", None)
        return Layer(str(name), facts, arguments, layer_call(facts, entry["inbound_nodes"]) if called else None)


def _outputs(structure: Any) -> list[Output]:
    """The outputs from one reference or a list of them. Raises: Unsayable for a map or a list in a list."""
    if isinstance(structure, Mapping):
        raise Unsayable("it returns its outputs in a map, and a spec's model returns them in a list")
    references = [structure] if structure and isinstance(structure[0], str) else structure
    if any(not isinstance(reference[0], str) for reference in references):
        raise Unsayable("it returns its outputs in lists inside a list, and a spec's model in one list")
    return [output_of(reference) for reference in references]


def _check_frozen(model: Mapping[str, Any], layers: Sequence[Mapping[str, Any]]) -> None:
    """A spec freezes layers, which is as good while every layer of a frozen model is frozen too."""
    free = [entry["config"]["name"] for entry in layers if entry["config"].get("trainable") is True]
    if model.get("trainable") is False and free:
        raise Unsayable(f"it is frozen as a whole while its layer `{free[0]}` is not, and a spec freezes layers only")


def _check_inside(config: Mapping[str, Any]) -> None:
    """A spec that freezes a layer freezes all inside it; Keras' constructors leave what is inside."""
    inside = config.get("layer") or config.get("cell")
    trains = isinstance(inside, Mapping) and inside["config"].get("trainable") is True
    if trains and config.get("trainable") is False:
        raise Unsayable(
            f"it is frozen while `{inside['config']['name']}` inside it trains; a spec freezes both or none"
        )


def _check_operations(rest: Sequence[Mapping[str, Any]], layers: Sequence[Layer], outputs: Sequence[Output]) -> None:
    """Operations that nothing reads have gone with the masks they were for; others cannot be said."""
    read = {source.node for layer in layers if layer.call is not None for source in layer.call.sources()}
    read |= {output.node for output in outputs}
    for entry in rest:
        if is_operation(entry) and entry["name"] in read:
            with about(entry["name"]):
                facts_of(entry)


def _checked(text: str, *, given_input: bool) -> str:
    """The text, when the language takes it: a model may be made of what the language refuses."""
    result = check_source(Source(text))
    found = [diagnostic for diagnostic in result.diagnostics if given_input or diagnostic.code != "E405"]
    if has_errors(found):
        first = found[0]
        raise UsageError(f"the model cannot be written as a spec: {first.message}{_place(text, first.line)}")
    return text if given_input else _NO_INPUT + text


def _place(text: str, line: int | None) -> str:
    """The line of the text that a mistake is on, as a reader recognizes it."""
    return f" (at `{text.splitlines()[line - 1].strip()}`)" if line is not None else ""
