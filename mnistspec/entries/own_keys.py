"""The language's own keys in an entry of `layers`: `name`, `from` and `call`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from itertools import zip_longest
from typing import Any

from mnistspec.calls import Call
from mnistspec.catalogue.kinds import NUMBERS, AnyData, Boolean, Typed
from mnistspec.diagnostics import Fix
from mnistspec.frozen import dataclass
from mnistspec.hints import hint
from mnistspec.language import NESTED
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, describe
from mnistspec.source import Span
from mnistspec.spec import Constant, From, LayerSpec, Reference
from mnistspec.structures import Structure, leaves
from mnistspec.values import UNKNOWN, Reader, Unknown
from mnistspec.values.evenness import is_even

OWN_KEYS = ("name", "from", "call")
# The arguments of calls that are no tensors.
_YES_OR_NO = ("training", "use_causal_mask", "return_attention_scores", "reverse")


@dataclass(frozen=True)
class Callee:
    """What an entry calls, for messages: its name, the arguments of its call besides the first, and the first."""

    name: str
    call_arguments: tuple[str, ...]
    first: str = "inputs"
    # A function's arguments that are one tensor each.
    tensors: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnKeys:
    """The own keys of one entry. `clear` says that no mistake hides its name or what it is called on."""

    name: str | None = None
    from_: From = None
    single: bool = False
    call_arguments: dict[str, Any] = field(default_factory=dict)
    name_span: Span | None = None
    from_spans: dict[str, Span] = field(default_factory=dict)
    call_spans: dict[str, Span] = field(default_factory=dict)
    structure: Structure = None
    clear: bool = True

    def layer(self, call: Call | None, span: Span, shares: Reference | None = None) -> LayerSpec:
        """The entry that calls this layer, or the one that `shares` names."""
        return LayerSpec(
            call=call if self.clear else None,
            name=self.name,
            from_=self.from_,
            call_arguments=self.call_arguments,
            span=span,
            name_span=self.name_span,
            call_spans=self.call_spans,
            from_spans=self.from_spans,
            single=self.single,
            structure=self.structure,
            shares=shares if self.clear else None,
        )


def read_own_keys(reader: Reader, body: MappingNode | None, callee: Callee | None) -> OwnKeys:
    """The own keys among an entry's; `callee` is None where it is not known yet what is called."""
    own = {key.name: key.value for key in body.entries if key.name in OWN_KEYS} if body is not None else {}
    if not own:
        return OwnKeys()
    named, source, given = own.get("name"), own.get("from"), own.get("call")
    name = _name(reader, named)
    from_, single = _from(reader, source, callee.tensors if callee is not None else ())
    told = _call_arguments(reader, callee, given, source) if given is not None else {}
    return OwnKeys(
        name=None if isinstance(name, Unknown) else name,
        from_=None if isinstance(from_, Unknown) else from_,
        single=single,
        call_arguments={name: value for name, value in told.items() if value is not UNKNOWN} if told else told,
        name_span=named.span if named is not None else None,
        from_spans=_places(source),
        structure=_structure_in(reader, source),
        call_spans=_places(given),
        clear=not isinstance(name, Unknown) and not isinstance(from_, Unknown) and UNKNOWN not in told.values(),
    )


def _places(node: Node | None) -> dict[str, Span]:
    """Where the node stands (under "") and, if it is a map, each of its keys."""
    if node is None:
        return {}
    keys = {entry.name: entry.key.span for entry in node.entries} if isinstance(node, MappingNode) else {}
    return {"": node.span, **keys}


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


def _from(reader: Reader, node: Node | None, tensors: Sequence[str]) -> tuple[From | Unknown, bool]:
    """The references, and whether it was a single one."""
    if node is None:
        return None, False
    if reader.hidden(node):
        return UNKNOWN, False
    if isinstance(node, MappingNode):
        named = {entry.name: _argument(reader, entry) for entry in node.entries}
        if any(isinstance(value, Unknown) for value in named.values()):
            return UNKNOWN, False
        if not named:
            return reader.report("E408", "`from` is an empty map", node.span, "name what the layer is called on"), False
        return {name: value for name, value in named.items() if not isinstance(value, Unknown)}, False
    value = _references(reader, node, tensors) if isinstance(node, SequenceNode) else _reference(reader, node)
    if isinstance(value, Unknown):
        return UNKNOWN, False
    return (value, False) if isinstance(value, tuple) else ((value,), True)


def _argument(reader: Reader, entry: Entry) -> Reference | Constant | tuple[Reference | Constant, ...] | Unknown:
    if not _is_structured(reader, entry):
        return _references(reader, entry.value)
    found = list(leaves(_structure(reader, entry.value)))
    return UNKNOWN if any(isinstance(one, Unknown) for one in found) else tuple(found)


def _is_structured(reader: Reader, entry: Entry) -> bool:
    """Whether a call's first argument is given nodes in a map, or in lists inside a list."""
    value = entry.value
    if entry.name not in ("0", "inputs") or not _holds_name(reader, value):
        return False
    return isinstance(value, MappingNode) or (
        isinstance(value, SequenceNode) and not all(isinstance(item, ScalarNode) for item in value.items)
    )


def _structure_in(reader: Reader, source: Node | None) -> Structure:
    """The references of a call's first argument as they stand in maps and lists; None where they do not."""
    entries = source.entries if isinstance(source, MappingNode) else ()
    return next((_structure(reader, entry.value) for entry in entries if _is_structured(reader, entry)), None)


def _structure(reader: Reader, node: Node) -> Structure:
    if isinstance(node, MappingNode):
        return {entry.name: _structure(reader, entry.value) for entry in node.entries}
    if isinstance(node, SequenceNode):
        return tuple(_structure(reader, item) for item in node.items)
    return _reference(reader, node)


def _references(
    reader: Reader, node: Node, tensors: Sequence[str] = ()
) -> Reference | Constant | tuple[Reference | Constant, ...] | Unknown:
    """Nodes and constants in order; `tensors` are the arguments that each of them is for, of a function."""
    if not isinstance(node, SequenceNode):
        return _given(reader, node)
    if not node.items:
        return reader.report("E408", "`from` is an empty list", node.span, "name what the layer is called on")
    only = node.items[0] if len(node.items) == 1 else None
    if isinstance(only, SequenceNode) and _holds_name(reader, only):
        message, meant = "`from` is a list of nodes, and here is a list in a list", only.span.text
        return reader.report("E203", message, node.span, f"write `{meant}`", fix=Fix(node.span, meant, certain=True))
    items = [_given(reader, item, name) for item, name in zip_longest(node.items, tensors[: len(node.items)])]
    known = tuple(item for item in items if not isinstance(item, Unknown))
    return known if len(known) == len(items) else UNKNOWN


def _given(reader: Reader, node: Node, argument: str | None = None) -> Reference | Constant | Unknown:
    """A node, or a constant in the place of one; `argument` is what a function is given it as."""
    if isinstance(node, ScalarNode) and isinstance(node.value, int | float):
        help = f"write a node's name; a constant among tensors says its dtype, as in `{{float32: {node.span.text}}}`"
        if argument is not None:
            help = f"write a constant by its name, beside `from`: `{argument}: {node.span.text}`"
        return reader.report("E203", f"expected the name of a node, found {describe(node)}", node.span, help)
    if isinstance(node, ScalarNode):
        return Constant(None, node.span) if node.value is None and not node.broken else _reference(reader, node)
    kind = Typed() if isinstance(node, MappingNode) else NUMBERS
    if isinstance(node, SequenceNode) and _holds_name(reader, node):
        return _reference(reader, node)
    value = reader.read(node, kind)
    if isinstance(value, Unknown):
        return UNKNOWN
    if not is_even(value):
        help = "give each list of a constant as many numbers as those beside it have"
        return reader.report("E204", "the lists of a constant are of several lengths", node.span, help)
    return Constant(value, node.span)


def _holds_name(reader: Reader, node: Node) -> bool:
    """Whether there is a text in lists, where a constant has numbers: names of nodes."""
    if isinstance(node, SequenceNode):
        return any(_holds_name(reader, item) for item in node.items)
    if isinstance(node, MappingNode):
        return any(_holds_name(reader, entry.value) for entry in node.entries)
    return isinstance(node, ScalarNode) and isinstance(node.value, str) and not reader.hidden(node)


def _reference(reader: Reader, node: Node) -> Reference | Unknown:
    if reader.hidden(node):
        return UNKNOWN
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return Reference(node.value, node.span)
    help = "write the node's name, as in `from: stem`, or leave `from` out for the node before"
    if isinstance(node, SequenceNode):
        help = "name the nodes one after the other, in one list"
    return reader.report("E203", f"expected the name of a node, found {describe(node)}", node.span, help)


def _call_arguments(reader: Reader, callee: Callee | None, node: Node, source: Node | None) -> dict[str, Any]:
    """What `call` holds by argument, UNKNOWN where a reported mistake hides it; `source` is what `from` holds."""
    if not isinstance(node, MappingNode):
        message = f"`call` is a map of call arguments, not {describe(node)}"
        reader.report("E203", message, node.span, "write `call: {training: true}`")
        return {}
    unknown = [entry for entry in node.entries if callee is not None and entry.name not in callee.call_arguments]
    for entry in unknown:
        _unknown_call_argument(reader, callee, entry)
    known = (entry for entry in node.entries if entry not in unknown)
    return {entry.name: _call_argument(reader, callee, entry, source) for entry in known}


def _call_argument(reader: Reader, callee: Callee | None, entry: Entry, source: Node | None) -> Any:
    """A plain value: names of nodes are said in `from`."""
    if callee is not None and callee.name in NESTED and entry.name == "mask":
        return _no_mask(reader, entry)
    if callee is None or not _holds_name(reader, entry.value):
        return reader.read(entry.value, AnyData())
    if entry.name in _YES_OR_NO:
        return reader.read(entry.value, Boolean())
    named = isinstance(source, ScalarNode | SequenceNode)
    given = f"{callee.first}: {source.span.text if named and source is not None else '...'}"
    help = f"name them in `from`: `from: {{{given}, {entry.name}: {entry.value.span.text}}}`"
    message = f"`call` holds plain values, and `{entry.name}` of {callee.name} is given nodes"
    return reader.report("E203", message, entry.value.span, help)


def _no_mask(reader: Reader, entry: Entry) -> Any:
    """That there is none: a nested model has the mask of what it is called on."""
    value = reader.read(entry.value, AnyData())
    if value is None or isinstance(value, Unknown):
        return value
    message = "a nested model has no mask but that of what it is called on"
    return reader.report("E203", message, entry.value.span, "remove `mask`, or write `mask: null`")


def _unknown_call_argument(reader: Reader, callee: Callee | None, entry: Entry) -> None:
    assert callee is not None
    near = hint(entry.name, callee.call_arguments, entry.key.span, "call arguments")
    known = ", ".join(f"`{name}`" for name in callee.call_arguments)
    help = near.help if near else f"it has {known}" if known else "it takes none but its inputs"
    message = f"a call of `{callee.name}` has no argument `{entry.name}`"
    reader.report("E206", message, entry.key.span, help, fix=near.fix if near else None)
