"""Reads one entry of `layers`: the object of Keras, and the language's own `name`, `from` and `call` beside it."""

from __future__ import annotations

from typing import Any

from mnistspec.catalogue import ClassFacts
from mnistspec.catalogue.kinds import AnyData
from mnistspec.language import NOT_BUILT_LAYERS, NOT_BUILT_PREFIXES
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, describe
from mnistspec.source import Span
from mnistspec.spec import From, LayerSpec, Reference
from mnistspec.values import UNKNOWN, Reader, Unknown

_OWN_KEYS = ("name", "from", "call")


def read_layer(reader: Reader, node: Node) -> LayerSpec:
    """One entry as a LayerSpec; its `call` is None where a mistake hides what layer it is."""
    hidden = LayerSpec(None, None, None, {}, node.span)
    if reader.hidden(node):
        return hidden
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return _bare(reader, node, node.value)
    if not isinstance(node, MappingNode):
        reader.report("E203", f"expected a layer, found {describe(node)}", node.span, "write `- Dense: {units: 10}`")
        return hidden
    if len(node.entries) != 1:
        reader.not_one_key(node, "a layer", reader.catalogue["layers"].classes)
        return hidden
    return _with_arguments(reader, node.entries[0])


def _bare(reader: Reader, node: ScalarNode, name: str) -> LayerSpec:
    if _not_built(reader, name, node.span):
        return LayerSpec(None, None, None, {}, node.span)
    call = reader.object(node, "layers")
    return LayerSpec(None if isinstance(call, Unknown) else call, None, None, {}, node.span)


def _with_arguments(reader: Reader, entry: Entry) -> LayerSpec:
    facts = None
    if not _not_built(reader, entry.name, entry.key.span):
        facts = reader.class_named(entry.name, entry.key.span, "layers")
    body = entry.value if isinstance(entry.value, MappingNode) else None
    call = reader.call(facts, entry, skip=_OWN_KEYS) if facts is not None else UNKNOWN
    name = _name(reader, body.get("name")) if body is not None else None
    from_, single = _from(reader, body.get("from")) if body is not None else (None, False)
    arguments, spans = _call_arguments(reader, facts, body.get("call")) if body is not None else ({}, {})
    if isinstance(name, Unknown) or isinstance(from_, Unknown):
        name, from_, call = None if isinstance(name, Unknown) else name, None, UNKNOWN
    return LayerSpec(
        call=None if isinstance(call, Unknown) else call,
        name=name,
        from_=from_,
        call_arguments=arguments,
        span=entry.key.span,
        name_span=body.get("name").span if body is not None and body.get("name") else None,  # type: ignore[union-attr]
        call_spans=spans,
        single=single,
    )


def _not_built(reader: Reader, name: str, span: Span) -> bool:
    what = NOT_BUILT_LAYERS.get(name)
    for prefix, of in NOT_BUILT_PREFIXES.items():
        if name.startswith(prefix):
            what = of
    if what is None:
        return False
    reader.not_built(f"{what} (`{name}`)", span)
    return True


def _name(reader: Reader, node: Node | None) -> str | Unknown | None:
    if node is None or (isinstance(node, ScalarNode) and node.value is None):
        return None
    if reader.hidden(node):
        return UNKNOWN
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        return reader.report("E203", f"a name is a string, not {describe(node)}", node.span)
    if not node.value or "/" in node.value:
        return reader.report("E204", "a name is not empty and has no `/`, which Keras uses for paths", node.span)
    return node.value


def _from(reader: Reader, node: Node | None) -> tuple[From | Unknown, bool]:
    """The references, and whether it was a single one."""
    if node is None:
        return None, False
    if reader.hidden(node):
        return UNKNOWN, False
    if isinstance(node, MappingNode):
        named = {entry.name: _references(reader, entry.value) for entry in node.entries}
        if any(isinstance(value, Unknown) for value in named.values()):
            return UNKNOWN, False
        if not named:
            return reader.report("E408", "`from` is an empty map", node.span, "name what the layer is called on"), False
        return {name: value for name, value in named.items() if not isinstance(value, Unknown)}, False
    value = _references(reader, node)
    if isinstance(value, Unknown):
        return UNKNOWN, False
    return (value, False) if isinstance(value, tuple) else ((value,), True)


def _references(reader: Reader, node: Node) -> Reference | tuple[Reference, ...] | Unknown:
    if isinstance(node, SequenceNode):
        items = [_references(reader, item) for item in node.items]
        if not items:
            return reader.report("E408", "`from` is an empty list", node.span, "name what the layer is called on")
        if any(not isinstance(item, Reference) for item in items):
            return UNKNOWN
        return tuple(item for item in items if isinstance(item, Reference))
    if reader.hidden(node):
        return UNKNOWN
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return Reference(node.value, node.span)
    return reader.report("E203", f"expected the name of a node, found {describe(node)}", node.span)


def _call_arguments(
    reader: Reader, facts: ClassFacts | None, node: Node | None
) -> tuple[dict[str, Any], dict[str, Span]]:
    if node is None:
        return {}, {}
    if not isinstance(node, MappingNode):
        reader.report(
            "E203",
            f"`call` is a map of call arguments, not {describe(node)}",
            node.span,
            "write `call: {training: true}`",
        )
        return {}, {}
    known = facts.call_arguments if facts is not None else ()
    values: dict[str, Any] = {}
    for entry in node.entries:
        if known and entry.name not in known:
            listed = ", ".join(f"`{name}`" for name in known)
            reader.report(
                "E206",
                f"a call of `{facts.name if facts else ''}` has no argument `{entry.name}`",
                entry.key.span,
                f"it has {listed}",
            )
            continue
        value = reader.read(entry.value, AnyData())
        if not isinstance(value, Unknown):
            values[entry.name] = value
    return values, {entry.name: entry.value.span for entry in node.entries}
