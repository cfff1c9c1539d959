"""A spec with every default spelled out: itself a valid spec that means the same."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from mnistspec.calls import Call, PythonObject
from mnistspec.catalogue import load
from mnistspec.graph import Argument, Given, Graph, GraphNode
from mnistspec.language import ORDER, SHARE, VERSION
from mnistspec.layout import laid_out
from mnistspec.spec import Constant, DataSpec, InputSpec, SourceSpec, Spec, Step, Steps
from mnistspec.structures import mapped
from mnistspec.values.reading import PYTHON

# Namespaces whose words (`adam`) mean no more than the class without arguments; a metric's word is also its name.
_SPELLED_OUT = frozenset(["optimizers", "schedules", "losses", "layers", "callbacks", "cells"])


def resolved_text(spec: Spec, graph: Graph, *, seed: int | None = None, folder: Path | None = None) -> str:
    """The spec as YAML text, every default explicit.

    `seed` replaces a seed that was left to the operating system. `folder` is where the text will lie: relative paths
    in it are then written as seen from there.
    """
    text = dump(resolved_document(spec, graph, seed=seed, folder=folder))
    shuffled = spec.fit is not None and spec.fit.shuffle
    return f"# The examples' order in epoch 0, 1, ...: {ORDER}\n{text}" if shuffled else text


def resolved_document(
    spec: Spec, graph: Graph, *, seed: int | None = None, folder: Path | None = None
) -> dict[str, Any]:
    """The same as plain data."""
    document: dict[str, Any] = {
        "mnistspec": VERSION,
        "name": spec.name,
        "description": spec.description,
        "seed": spec.seed if seed is None else seed,
    }
    if spec.data is not None:
        document["data"] = _data(spec.data, spec.source.folder, folder)
    document["model"] = _model(graph, folder)
    for section in ("compile", "fit", "evaluate", "predict", "outputs"):
        value = getattr(spec, section)
        if value is not None:
            document[section] = _fields(value, folder)
    document |= {"backend": spec.backend, "deterministic": spec.deterministic, "threads": spec.threads}
    document["ignore"] = list(spec.ignore)
    return document


def _fields(section: Any, folder: Path | None) -> dict[str, Any]:
    names = [name for name in section.__dataclass_fields__ if name not in ("span", "spans", "hidden")]
    return {name: plain_value(getattr(section, name), folder) for name in names}


def plain_value(value: Any, folder: Path | None = None) -> Any:
    """A value as the language writes it: objects as maps of one key, tuples as lists; paths as seen from `folder`."""
    if isinstance(value, Call):
        return _object(value, folder)
    if isinstance(value, Mapping):
        return {name: plain_value(inner, folder) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(item, folder) for item in value]
    return value


def _object(call: Call, folder: Path | None) -> Any:
    """One key and all arguments; a word where the word is the meaning (`accuracy` depends on shapes)."""
    if call.code is not None:
        return {PYTHON: _python(call, call.code, folder)}
    if call.bare is not None and not _can_be_spelled_out(call, call.bare):
        return call.bare
    arguments = {name: plain_value(call.argument(name), folder) for name in call.facts.arguments}
    return {call.name: arguments} if arguments else call.name


def _python(call: Call, code: PythonObject, folder: Path | None) -> dict[str, Any]:
    """The object, the folder that its module is looked for in, and its arguments where it is called with any."""
    path = code.path if folder is None else _seen_from(call.span.source.folder / code.path, folder)
    arguments = {"arguments": plain_value(call.arguments, folder)} if code.called else {}
    return {"object": str(code), "path": path, **arguments}


def _can_be_spelled_out(call: Call, word: str) -> bool:
    namespace = load()[call.facts.namespace]
    if word in namespace.classes:
        return call.facts.namespace != "activations" and call.facts.namespace != "initializers"
    return call.facts.namespace in _SPELLED_OUT and word not in namespace.picked_by_shape


def _model(graph: Graph, folder: Path | None) -> dict[str, Any]:
    model: dict[str, Any] = {"kind": graph.kind, "trainable": graph.trainable}
    return model | _contents(graph, folder)


def _contents(graph: Graph, folder: Path | None) -> dict[str, Any]:
    """Inputs, as far as their shapes are known, layers, and the outputs where a list of layers has a choice."""
    model: dict[str, Any] = {}
    known = all(given.shape is not None for given in graph.inputs)
    if graph.kind == "sequential" and known:
        model["input"] = {**_input(graph.inputs[0]), "name": graph.inputs[0].name}
    elif known:
        model["inputs"] = {given.name: _input(given) for given in graph.inputs}
    if graph.dtype is not None:
        model["dtype"] = graph.dtype
    model["layers"] = [_layer(node, graph.kind, folder) for node in graph.nodes]
    if graph.kind == "functional" and graph.output_structure is None:
        model["outputs"] = [str(port) for port in graph.outputs]
    structures = {"inputs": graph.input_structure, "outputs": graph.output_structure}
    if said := {name: plain_value(structure) for name, structure in structures.items() if structure is not None}:
        model["structure"] = said
    return model


def _input(given: InputSpec) -> dict[str, Any]:
    assert given.shape is not None
    return {
        "shape": list(given.shape),
        "dtype": given.dtype or "float32",
        "batch_size": given.batch_size,
        "sparse": given.sparse,
        "ragged": given.ragged,
        "optional": given.optional,
    }


def _layer(node: GraphNode, kind: str, folder: Path | None) -> dict[str, Any]:
    assert node.call is not None
    if node.shares is not None:
        own: dict[str, Any] = {
            "layer": node.shares,
            "name": node.name,
            "from": from_value(node),
            "identity": node.identity,
        }
        return {SHARE: {**own, "call": plain_value(node.call_arguments)} if node.call_arguments else own}
    if node.call.code is not None:
        return {PYTHON: {**_own_keys(node, kind), **_python(node.call, node.call.code, folder)}}
    names = [
        argument.name
        for argument in node.call.facts.arguments.values()
        if argument.tensor is None or argument.name in node.call.arguments
    ]
    arguments = {name: plain_value(node.call.argument(name), folder) for name in names if name != "name"}
    inside = _contents(node.model, folder) if node.model is not None else {}
    return {node.call.name: {**_own_keys(node, kind), **_filled(node.call, arguments, inside)}}


def _filled(call: Call, arguments: Mapping[str, Any], inside: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a layer with the contents of the model that it is, or has inside it."""
    inner = call.argument("layer")
    if not isinstance(inner, Call):
        return {**arguments, **inside}
    if not inside:
        return dict(arguments)
    return {**arguments, "layer": {inner.name: _filled(inner, arguments["layer"][inner.name], inside)}}


def _own_keys(node: GraphNode, kind: str) -> dict[str, Any]:
    body: dict[str, Any] = {"name": node.name}
    if kind == "functional":
        body["from"] = from_value(node)
        if node.call_arguments:
            body["call"] = plain_value(node.call_arguments)
    return body


def from_value(node: GraphNode) -> Any:
    """What a node is called on, as `from` says it."""
    if node.form is not None:
        given = mapped(node.form.structure, lambda place: _item(node.inputs[place]), list)
        return {"inputs" if node.form.named else 0: given}
    if node.named:
        places: dict[str, int] = {argument: place for place, argument in enumerate(node.placed)}
        return {places.get(argument, argument): _reference(value) for argument, value in node.named.items()}
    return _item(node.inputs[0]) if node.single else [_item(one) for one in node.inputs]


def _reference(value: Argument) -> Any:
    return [_item(one) for one in value] if isinstance(value, tuple) else _item(value)


def _item(given: Given) -> Any:
    return plain_value(given.value) if isinstance(given, Constant) else str(given)


def _data(data: DataSpec, base: Path, folder: Path | None) -> dict[str, Any]:
    validation = data.validation
    return {
        "source": _source(data.source, base, folder),
        "offline": data.offline,
        "validation": _source(validation, base, folder) if isinstance(validation, SourceSpec) else validation,
        "limit": dict(data.limit),
        "prepare": {"x": _steps(data.prepare_x), "y": _steps(data.prepare_y)},
        "targets": plain_value(data.targets),
        "hold": data.hold,
    }


def _source(source: SourceSpec, base: Path, folder: Path | None) -> Any:
    options = {name: plain_value(value) for name, value in source.options.items()}
    for name in ("path", "test_path"):
        if folder is not None and isinstance(options.get(name), str):
            options[name] = _seen_from(base / options[name], folder)
    return {source.name: options} if options else source.name


def _seen_from(path: Path, folder: Path) -> str:
    """The path relative to the folder where they share a drive; absolute where not."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return str(path.resolve())


def _steps(steps: Steps) -> Any:
    if isinstance(steps, Mapping):
        return {name: [_step(step) for step in own] for name, own in steps.items()}
    return [_step(step) for step in steps]


def _step(step: Step) -> Any:
    options = {name: plain_value(value) for name, value in step.options.items()}
    return {step.name: options} if options else step.name


class Dumper(yaml.SafeDumper):
    """Keys in their order, and quotes wherever YAML 1.2 would not read a string as one."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)
Dumper.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"(0o[0-7]+|0x[0-9a-fA-F]+)$"), list("0"))


def _represent_text(dumper: Dumper, text: str) -> yaml.Node:
    # A string that only looks like a number in YAML 1.2 gets no tag from the resolver, only quotes.
    style = '"' if "\n" in text or "\t" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Dumper.add_representer(str, _represent_text)


def dump(document: Any) -> str:
    """Plain data as YAML text in the one layout, that this program reads back as the same data."""
    text = yaml.dump(escaped(document), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=math.inf)
    assert isinstance(text, str)
    return laid_out(text)


def escaped(value: Any) -> Any:
    """The data with `${` written as `$${` in values, where it would begin an expression; keys hold none."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, Mapping):
        return {name: escaped(inner) for name, inner in value.items()}
    return [escaped(item) for item in value] if isinstance(value, list | tuple) else value
