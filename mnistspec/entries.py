"""Reads one entry of `layers`: the object of Keras, and the language's own `name`, `from` and `call` beside it."""

from __future__ import annotations

from typing import Any

from mnistspec.catalogue import ClassFacts
from mnistspec.catalogue.kinds import AnyData, Object
from mnistspec.diagnostics import Fix
from mnistspec.hints import hint
from mnistspec.language import NOT_BUILT_LAYERS, NOT_BUILT_PREFIXES, REPEAT, USE, USED
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, describe
from mnistspec.source import Span
from mnistspec.spec import From, LayerSpec, Reference, UseSpec
from mnistspec.values import UNKNOWN, Reader, Settings, Unknown
from mnistspec.values.objects import class_named, read_call
from mnistspec.values.records import not_one_key

_OWN_KEYS = ("name", "from", "call")
# What stands for other layers, which are put in its place before layers are read for good.
_EXPANDED = {"use": USE, "repeat": REPEAT}


def read_layer(reader: Reader, node: Node) -> LayerSpec | UseSpec:
    """One entry of `layers`; a layer's `call` is None where a mistake hides what layer it is."""
    if reader.hidden(node):
        return _hidden(node)
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return _bare(reader, node, node.value)
    if not isinstance(node, MappingNode):
        reader.report("E203", f"expected a layer, found {describe(node)}", node.span, "write `- Dense: {units: 10}`")
        return _hidden(node)
    if len(node.entries) != 1:
        classes = reader.catalogue["layers"].classes
        not_one_key(reader, node, "a layer", classes, lambda moved: read_layer(reader, moved))
        return _hidden(node)
    if node.entries[0].name in _EXPANDED:
        return _use(reader, node.entries[0]) or _hidden(node)
    return _with_arguments(reader, node.entries[0])


def _hidden(node: Node) -> LayerSpec:
    """A layer of which nothing is known."""
    return LayerSpec(None, None, None, {}, node.span)


def _bare(reader: Reader, node: ScalarNode, name: str) -> LayerSpec:
    if name in _EXPANDED:
        needed = [key for key, field in _EXPANDED[name].fields.items() if field.required]
        help = f"write `{name}: {{{', '.join(f'{key}: ...' for key in needed)}}}`"
        reader.report("E207", f"`{name}` needs {' and '.join(f'`{key}`' for key in needed)}", node.span, help)
        return _hidden(node)
    if _not_built(reader, name, node.span):
        return _hidden(node)
    call = reader.read(node, Object("layers"))
    return LayerSpec(None if isinstance(call, Unknown) else call, None, None, {}, node.span)


def _use(reader: Reader, entry: Entry) -> UseSpec | None:
    """A used block whose layers are in place; None, once it is looked at, for what is still to be expanded."""
    body = entry.value
    if reader.allow_expressions or not isinstance(body, MappingNode):
        settings = reader.read(body, _EXPANDED[entry.name])
        if isinstance(settings, Settings):
            _checked(reader, settings, "name")
            _checked(reader, settings, "prefix")
        return None
    if "layers" not in body or entry.name == "repeat":
        message = f"`{entry.name}` stands where its layers are to be, and in no variable"
        reader.report("E203", message, entry.key.span, "write it into the list of layers")
        return None
    settings = reader.read(body, USED)
    assert isinstance(settings, Settings), "what expanding makes is a map"
    return UseSpec(
        block=settings["block"],
        name=_checked(reader, settings, "name"),
        prefix=_checked(reader, settings, "prefix"),
        from_=_nodes(body.get("from")),
        layers=settings.known("layers", (_hidden(body),)),
        outputs=_nodes(body.get("outputs")),
        span=entry.key.span,
        name_span=settings.spans.get("name"),
        from_span=settings.spans.get("from"),
        hidden=frozenset(part for part in ("name", "prefix", "from", "outputs") if isinstance(settings[part], Unknown)),
    )


def _checked(reader: Reader, settings: Settings, key: str) -> str | None:
    """The `name` or `prefix` of a use where it may be one; None, after reporting it, where not."""
    value = settings.values.get(key)
    if not isinstance(value, str):
        return None
    # A name that begins with the prefix has to be one.
    name = value if key == "name" else f"{value}x"
    return value if checked_name(reader, name, settings.spans[key]) else None


def _nodes(node: Node | None) -> tuple[Reference, ...] | None:
    """The nodes that a use's `from`, or a block's `outputs`, names; what else stands there has been told."""
    if node is None or (isinstance(node, ScalarNode) and node.value is None):
        return None
    items = node.items if isinstance(node, SequenceNode) else (node,)
    known = (item for item in items if isinstance(item, ScalarNode) and isinstance(item.value, str))
    return tuple(Reference(str(item.value), item.span) for item in known)


def _with_arguments(reader: Reader, entry: Entry) -> LayerSpec:
    facts = None
    if not _not_built(reader, entry.name, entry.key.span):
        facts = class_named(reader, entry.name, entry.key.span, "layers", arguments=entry, skip=_OWN_KEYS)
    call = read_call(reader, facts, entry, skip=_OWN_KEYS) if facts is not None else UNKNOWN
    body = entry.value.entries if isinstance(entry.value, MappingNode) else ()
    own = {argument.name: argument.value for argument in body if argument.name in _OWN_KEYS}
    named, source, given = own.get("name"), own.get("from"), own.get("call")
    name = _name(reader, named)
    from_, single = _from(reader, source)
    arguments = _call_arguments(reader, facts, given)
    return LayerSpec(
        call=None if isinstance(call, Unknown) or isinstance(name, Unknown) or isinstance(from_, Unknown) else call,
        name=None if isinstance(name, Unknown) else name,
        from_=None if isinstance(from_, Unknown) else from_,
        call_arguments=arguments,
        span=entry.key.span,
        name_span=named.span if named is not None else None,
        call_spans=_places(given),
        from_spans=_places(source),
        single=single,
    )


def _places(node: Node | None) -> dict[str, Span]:
    """Where the node stands (under "") and, if it is a map, each of its keys."""
    if node is None:
        return {}
    keys = {entry.name: entry.key.span for entry in node.entries} if isinstance(node, MappingNode) else {}
    return {"": node.span, **keys}


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
        message = f"a name is a string, not {describe(node)}"
        help = f'quote it: "{node.span.text}"' if isinstance(node, ScalarNode) else None
        number = isinstance(node, ScalarNode) and node.span.text == str(node.value)
        fix = Fix(node.span, f'"{node.span.text}"', certain=True) if number else None
        return reader.report("E203", message, node.span, help, fix=fix)
    return node.value if checked_name(reader, node.value, node.span) else UNKNOWN


def checked_name(reader: Reader, name: str, span: Span) -> bool:
    """Whether a node can have that name; reports it where not. `/` parts it, as the names of a block's nodes are."""
    if all(name.split("/")):
        return True
    what = "a name is not empty" if not name else "a part of a name, between `/`, is not empty"
    reader.report("E204", what, span, "use letters, digits and `_`")
    return False


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
    if not isinstance(node, SequenceNode):
        return _reference(reader, node)
    if not node.items:
        return reader.report("E408", "`from` is an empty list", node.span, "name what the layer is called on")
    items = [_reference(reader, item) for item in node.items]
    known = tuple(item for item in items if isinstance(item, Reference))
    return known if len(known) == len(items) else UNKNOWN


def _reference(reader: Reader, node: Node) -> Reference | Unknown:
    if reader.hidden(node):
        return UNKNOWN
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return Reference(node.value, node.span)
    help = "write the node's name, as in `from: stem`, or leave `from` out for the node before"
    return reader.report("E203", f"expected the name of a node, found {describe(node)}", node.span, help)


def _call_arguments(reader: Reader, facts: ClassFacts | None, node: Node | None) -> dict[str, Any]:
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        message = f"`call` is a map of call arguments, not {describe(node)}"
        reader.report("E203", message, node.span, "write `call: {training: true}`")
        return {}
    unknown = [entry for entry in node.entries if facts is not None and entry.name not in facts.call_arguments]
    for entry in unknown:
        _unknown_call_argument(reader, facts, entry)
    values = {entry.name: reader.read(entry.value, AnyData()) for entry in node.entries if entry not in unknown}
    return {name: value for name, value in values.items() if not isinstance(value, Unknown)}


def _unknown_call_argument(reader: Reader, facts: ClassFacts | None, entry: Entry) -> None:
    assert facts is not None
    near = hint(entry.name, facts.call_arguments, entry.key.span, "call arguments")
    known = ", ".join(f"`{name}`" for name in facts.call_arguments)
    help = near.help if near else f"it has {known}" if known else "it takes none but its inputs"
    message = f"a call of `{facts.name}` has no argument `{entry.name}`"
    reader.report("E206", message, entry.key.span, help, fix=near.fix if near else None)
