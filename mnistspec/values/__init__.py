"""Reads a node as a kind: a typed value, or diagnostics that say at which place what was expected.

Both the validating of the text as written and the binding of resolved nodes go through here, so that they agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from mnistspec.catalogue import Catalogue
from mnistspec.catalogue.kinds import (
    AnyData,
    Code,
    Either,
    InnerModel,
    Kind,
    LayerEntry,
    Listing,
    Object,
    Record,
    Table,
    Tagged,
    Typed,
)
from mnistspec.catalogue.words import describe_kind
from mnistspec.language import MAX_LAYERS, SHAPE
from mnistspec.nodes import MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.values.models import inner_model, is_inner_model, names_model
from mnistspec.values.objects import has_object_form, read_object
from mnistspec.values.reading import PYTHON, Clear, Reading, fits
from mnistspec.values.records import record, tagged
from mnistspec.values.results import UNKNOWN, Settings, Tag, Unknown
from mnistspec.values.scalars import in_capitals, is_scalar, mismatch, options_of
from mnistspec.values.typed import typed

__all__ = ["UNKNOWN", "Clear", "Reader", "Settings", "Tag", "Unknown"]

LayerReader: TypeAlias = "Callable[[Reader, Node], Any]"
ReadBy: TypeAlias = "Callable[[Reader, Node, Any], Any]"


class Reader(Reading):
    """`layer_entry` reads one entry of `layers`; the caller gives it, since it is more than an object of Keras."""

    def __init__(
        self,
        catalogue: Catalogue,
        layer_entry: LayerReader,
        *,
        allow_expressions: bool = False,
        clear: Clear | None = None,
        allow_code: bool = False,
    ) -> None:
        super().__init__(catalogue, allow_expressions=allow_expressions, clear=clear, allow_code=allow_code)
        self.layer_entry = layer_entry

    def read(self, node: Node, kind: Kind) -> Any:
        if node.__class__ is ScalarNode:
            value = node.value
            if (node.broken or (value.__class__ is str and "${" in value)) and self.hidden(node):
                return UNKNOWN
            if is_scalar(value, kind):
                return value
        read_by: ReadBy = _READ_BY.get(type(kind), Reader.no_scalar)
        return read_by(self, node, kind)

    def once(self, node: Node, kind: Record | LayerEntry) -> Any:
        """A section or a layer, read unless that was done before and nothing was wrong with it or hidden."""
        known = self.clear.get(id(node))
        if known is not None and known[0] is node and known[1] is kind:
            return known[2]
        before = self.unclear
        value = record(self, node, kind) if isinstance(kind, Record) else self.layer_entry(self, node)
        if self.unclear == before:
            self.clear[id(node)] = (node, kind, value)
        return value

    def no_scalar(self, node: Node, kind: Kind) -> Any:
        """What should be a scalar of the kind: a word in capitals, or reported for being none."""
        if isinstance(node, ScalarNode) and (word := in_capitals(node.value, kind)) is not None:
            return word
        if isinstance(kind, Code):
            message = "this argument takes Python code, which a spec does not hold"
            return self.report("E210", message, node.span, "remove it")
        return mismatch(self, node, kind)

    def listing(self, node: Node, kind: Listing) -> Any:
        if not isinstance(node, SequenceNode):
            return mismatch(self, node, kind)
        if kind is SHAPE and begins_with_batch(node):
            from mnistspec.values.way_out import without_batch  # what only a mistake needs

            near = without_batch(node)
            return self.report("E203", "a shape is that of one example", node.span, near.help, fix=near.fix)
        if len(node.items) < kind.minimum or (kind.maximum is not None and len(node.items) > kind.maximum):
            from mnistspec.values.way_out import of_length  # what only a mistake needs

            many = of_length(node, kind)
            message = f"expected {describe_kind(kind)}, found {len(node.items)}"
            return self.report("E204", message, node.span, many.help if many is not None else None)
        if isinstance(kind.item, LayerEntry) and len(node.items) > MAX_LAYERS:
            return self.report("E107", f"more than {MAX_LAYERS:,} layers", node.items[MAX_LAYERS].span, "use fewer")
        values = tuple(self.read(item, kind.item) for item in node.items)
        return UNKNOWN if Unknown in map(type, values) else values

    def table(self, node: Node, kind: Table) -> Any:
        if not isinstance(node, MappingNode):
            return mismatch(self, node, kind)
        values = {entry.name: self.read(entry.value, kind.value) for entry in node.entries}
        if any(isinstance(value, Unknown) for value in values.values()):
            self.tuples_in_braces(node, kind)
            return UNKNOWN
        return values

    def tuples_in_braces(self, node: MappingNode, kind: Table) -> None:
        """Reports values like `(28, 28)`, which a map in braces takes apart at their commas."""
        if not any(entry.name.endswith(")") for entry in node.entries):
            return
        from mnistspec.values.commas import fallen_apart  # what only a mistake needs

        ends = [entry for entry in node.entries if isinstance(entry.value, ScalarNode) and entry.value.value is None]
        fallen_apart(self, node, ends, lambda name: kind.value)

    def either(self, node: Node, kind: Either) -> Any:
        """The option whose form the node has; its own message is then the one to show."""
        if isinstance(node, ScalarNode):
            return self.either_scalar(node, kind)
        fitting = [option for option in kind.options if self.has_form(node, option)]
        named = self.named_option(node, kind)
        if isinstance(node, MappingNode) and self.is_lone_item(node, kind.options):
            return mismatch(self, node, kind)
        if isinstance(node, MappingNode) and named is not None and (named in fitting or not fitting):
            return self.read(node, named)
        for option in fitting[:-1]:
            if fits(self, node, option):
                return self.read(node, option)
        return self.read(node, fitting[-1]) if fitting else mismatch(self, node, kind)

    def either_scalar(self, node: ScalarNode, kind: Either) -> Any:
        """The object that a word names; that the node is of none of the kinds of scalars is known."""
        named = self.named_option(node, kind)
        is_text = isinstance(node.value, str)
        if named is not None and not (is_text and (kind.words or _begins_as_number(node))):
            return self.read(node, named)
        return in_capitals(node.value, kind) or mismatch(self, node, kind)

    def named_option(self, node: Node, kind: Either) -> Kind | None:
        """The option in which the node's word or single key is a name, or the first that has names at all."""
        word = _word(node)
        if word is None:
            return None
        for option in kind.named:
            if isinstance(option, Object) and self.catalogue[option.namespace].find(word) is not None:
                return option
            if isinstance(option, Tagged) and word in option.options:
                return option
            if isinstance(option, InnerModel) and names_model(word):
                return option
        return kind.named[0] if kind.named else None

    def is_lone_item(self, node: MappingNode, options: Sequence[Kind]) -> bool:
        """Whether a map is one item of a list that was meant: `{rescale: 255}` for `[{rescale: 255}]`."""
        items = [inner for option in options if isinstance(option, Listing) for inner in options_of(option.item)]
        return any(self.is_named(node, item) for item in items) and not any(
            self.is_named(node, option) for option in options
        )

    def is_named(self, node: MappingNode, kind: Kind) -> bool:
        """Whether the map's only key is a name that the kind has."""
        first = node.entries[0].name if len(node.entries) == 1 else ""
        if isinstance(kind, Object):
            return first == PYTHON or (first[:1].isupper() and first in self.catalogue[kind.namespace].classes)
        return isinstance(kind, Tagged) and first in kind.options

    def has_form(self, node: Node, kind: Kind) -> bool:
        """Whether the node could be meant as this kind: an object, a list, a map, a scalar."""
        match kind:
            case Listing():
                return isinstance(node, SequenceNode)
            case Record() | Table() | Typed():
                return isinstance(node, MappingNode)
            case Object():
                return has_object_form(self, node, kind.namespace)
            case InnerModel():
                return is_inner_model(node)
            case Tagged():
                return isinstance(node, MappingNode) or (isinstance(node, ScalarNode) and isinstance(node.value, str))
            case AnyData() | Either():
                return True
            case _:
                return isinstance(node, ScalarNode)


# How a node is read as a kind; any other kind is one of scalars.
_READ_BY: Mapping[type, ReadBy] = {
    Object: lambda reader, node, kind: read_object(reader, node, kind.namespace),
    Either: Reader.either,
    Listing: Reader.listing,
    Table: Reader.table,
    Record: Reader.once,
    LayerEntry: Reader.once,
    Tagged: tagged,
    InnerModel: lambda reader, node, kind: inner_model(reader, node, lambda entry: reader.layer_entry(reader, entry)),
    Typed: typed,
    AnyData: lambda reader, node, kind: _frozen(node),
}


def begins_with_batch(node: SequenceNode) -> bool:
    """Whether a shape begins with Python's `None`, as those do that Keras prints."""
    first = node.items[0] if len(node.items) > 1 else None
    return isinstance(first, ScalarNode) and first.value == "None"


def _begins_as_number(node: ScalarNode) -> bool:
    """Whether a text was meant as a number, as `10%` and `0,001` were: no class is named so."""
    return str(node.value)[:1].isdigit()


def _word(node: Node) -> str | None:
    """The word that a node is, or the class that it begins with: arguments may stand beside it by mistake."""
    if isinstance(node, ScalarNode):
        return node.value if isinstance(node.value, str) else None
    first = node.entries[0].name if isinstance(node, MappingNode) and node.entries else None
    if first is None or (isinstance(node, MappingNode) and len(node.entries) > 1 and not first[:1].isupper()):
        return None
    return first


def _frozen(node: Node) -> Any:
    if isinstance(node, SequenceNode):
        return tuple(_frozen(item) for item in node.items)
    if isinstance(node, MappingNode):
        return {entry.name: _frozen(entry.value) for entry in node.entries}
    return node.value
