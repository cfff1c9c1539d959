"""A model's config as the text of a spec."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mnistspec.diagnostics import UsageError
from mnistspec.exporters.resolved import escaped
from mnistspec.importers.checked import checked
from mnistspec.importers.compiled import compile_section
from mnistspec.importers.folding.items import Folded
from mnistspec.importers.inner import InnerBodies
from mnistspec.importers.models import ModelDocument, functional, sequential, thawed
from mnistspec.importers.objects import Unsayable, about, policy_name
from mnistspec.importers.pages import Pages
from mnistspec.language import VERSION

_KINDS = {"Sequential": sequential, "Functional": functional}
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_NO_INPUT = "# The model does not say its input's shape: add `input: [...]` under `model`, or a `data` section.\n"


def spec_text(config: Mapping[str, Any], *, name: str | None = None, compile: bool = True, flat: bool = False) -> str:
    """The spec of a model's config, in the form that `model.to_json()` has.

    `name` replaces the model's own; `compile` says whether the settings that the model was compiled with are wanted;
    `flat`, that each layer has an entry of its own where structure that comes again would be said once.

    Raises: UsageError, naming the layer and the reason, for a model that the language cannot say.
    """
    own_name = name or str(config["config"].get("name", "model"))
    settings = config.get("compile_config") if compile else None
    with about(own_name):
        build, policy = _KINDS[_kind(config)], _policy(config["config"])
        body = thawed(config["config"])
        model = _whole(build(body, policy), config["config"], policy, compiled=bool(settings))
    ends: dict[str, Any] = {}
    if settings:
        with about("compile"):
            named = {name: _by_node(value, model.known_as) for name, value in settings.items()}
            ends["compile"] = escaped(compile_section(named, model.outputs, policy, model.structure.get("outputs")))
    pages = Pages({"mnistspec": VERSION, "name": _checked_name(own_name)}, model, ends)
    text = checked(pages.text(Folded(model.items)), model.layers, without_input=model.without_input)
    if not flat:
        inner = InnerBodies()
        whole = _whole(build(body, policy, inner.document), config["config"], policy, compiled=bool(settings))
        folded = replace(pages, model=whole, blocks=inner.blocks)
        text = _shorter(pages.shortest(text), folded.shortest(text)) if inner.folded else pages.shortest(text)
    return "".join(_notes(model)) + text


def _by_node(value: Any, nodes: Mapping[str, tuple[str, ...]]) -> Any:
    """A setting that may go by the names of outputs in Keras, by those of the nodes."""
    if not isinstance(value, Mapping):
        return value
    return {node: inner for name, inner in value.items() for node in nodes.get(name, (name,))}


def _whole(model: ModelDocument, config: Mapping[str, Any], policy: str, *, compiled: bool) -> ModelDocument:
    """The model with its dtype policy, where `compile` does not say that, and that it is frozen, where it is."""
    said: dict[str, Any] = {} if compiled or policy == "float32" else {"dtype": policy}
    if config.get("trainable") is False:
        said["trainable"] = False
    return replace(model, body={**model.body, **said})


def _shorter(text: str, folded: str) -> str:
    """The text with folded bodies, where that saves a tenth of the lines: less is not worth the looking up."""
    return folded if folded.count("\n") <= 0.9 * text.count("\n") else text


def _notes(model: ModelDocument) -> Iterator[str]:
    """Comments on what the spec does not say of the model."""
    if model.without_input:
        yield _NO_INPUT


def _kind(config: Mapping[str, Any]) -> str:
    class_name = str(config["class_name"])
    if class_name not in _KINDS or not str(config.get("module")).startswith("keras"):
        raise Unsayable(f"it is a `{class_name}`, made by Python code; sequential and functional models can be written")
    return class_name


def _checked_name(name: str) -> str:
    if _NAME.fullmatch(name):
        return name
    allowed = "which has letters, digits, `_`, `-` and `.`, and does not begin with `.` or `-`"
    raise UsageError(f"`{name}` cannot be a spec's name, {allowed}; give it another, with `name=` or --name")


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
