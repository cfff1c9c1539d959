"""Reads `Sequential: {layers: [...]}` and `Functional: {inputs, layers, outputs}`: a model as one layer of another."""

from __future__ import annotations

from dataclasses import replace

from mnistspec.calls import Call
from mnistspec.catalogue import ClassFacts
from mnistspec.entries.models import keep_key_spans, read_model
from mnistspec.entries.own_keys import Callee, OwnKeys, read_own_keys
from mnistspec.language import NESTED, NESTED_CALL
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.source import Span
from mnistspec.spec import LayerSpec, ModelSpec
from mnistspec.values import Reader, Settings, Unknown

_ARGUMENTS = (
    {"name": "name", "kind": "str | null", "default": None},
    {"name": "trainable", "kind": "bool", "default": True},
)
# A nested model as a layer, by the kind of Keras model.
FACTS = {
    name: ClassFacts(name, "layers", path, _ARGUMENTS, call_arguments=NESTED_CALL)
    for name, path in {"Sequential": "keras.Sequential", "Functional": "keras.Model"}.items()
}


def read_nested(reader: Reader, entry: Entry) -> LayerSpec:
    """The entry with its model; nothing is known of it where a mistake hides all of its layers."""
    body, span = entry.value, entry.key.span
    if not isinstance(body, MappingNode):
        _not_a_map(reader, entry.name, span, body)
        return OwnKeys().layer(None, span)
    settings = reader.read(body, NESTED[entry.name])
    own = read_own_keys(reader, body, Callee(entry.name, FACTS[entry.name].call_arguments))
    if not isinstance(settings, Settings) or isinstance(settings["layers"], Unknown):
        return own.layer(None, span)
    keep_key_spans(settings, body)
    model = read_model(settings, entry.name.lower(), reader, nested=True)
    return replace(own.layer(_call(entry.name, settings, span, model), span), model=model)


def bare_nested(reader: Reader, name: str, span: Span) -> LayerSpec:
    """The entry where only the name of a kind of model is written."""
    reader.report("E207", f"`{name}` needs `layers`", span, f"write `{name}: {{layers: [...]}}`")
    return OwnKeys().layer(None, span)


def _not_a_map(reader: Reader, name: str, span: Span, body: Node) -> None:
    if isinstance(body, SequenceNode):
        message = f"the layers of `{name}` stand under a key of their own"
        reader.report("E203", message, span, f"write `{name}: {{layers: [...]}}`")
    elif isinstance(body, ScalarNode) and body.value is None:
        bare_nested(reader, name, span)
    else:
        reader.read(body, NESTED[name])


def _call(name: str, settings: Settings, span: Span, model: ModelSpec) -> Call:
    """The nested model as a layer: what it consists of, and whether it is trained."""
    trainable = settings["trainable"]
    written = "trainable" in settings and not isinstance(trainable, Unknown)
    arguments = {"trainable": trainable} if written else {}
    known = not isinstance(trainable, Unknown)
    return Call(FACTS[name], arguments, span, settings.spans, complete=known, model=model)
