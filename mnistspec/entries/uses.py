"""Reads `use: {block: NAME, ...}` and `repeat: {times: 3, ...}`: entries that stand for other layers."""

from __future__ import annotations

from mnistspec.entries.own_keys import OwnKeys, checked_name
from mnistspec.language import REPEAT, USE, USED
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.spec import Reference, UseSpec
from mnistspec.values import Reader, Settings, Unknown

# What stands for other layers, which are put in its place before layers are read for good.
EXPANDED = {"use": USE, "repeat": REPEAT}


def read_use(reader: Reader, entry: Entry) -> UseSpec | None:
    """A used block whose layers are in place; None, once it is looked at, for what is still to be expanded."""
    body = entry.value
    if reader.allow_expressions or not isinstance(body, MappingNode):
        settings = reader.read(body, EXPANDED[entry.name])
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
        layers=settings.known("layers", (OwnKeys().layer(None, body.span),)),
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
