"""YAML events to nodes, with what was found on the way and bounds that act while reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from mnistspec.diagnostics import Diagnostic, Fix, Related
from mnistspec.edits import without
from mnistspec.enough import Found
from mnistspec.nodes import Entry, MappingNode, Node, Scalar, ScalarNode, SequenceNode, describe
from mnistspec.parse.scalars import BadNumber, plain_scalar
from mnistspec.parse.tabs import tabs_between
from mnistspec.source import Source, Span

MAX_DEPTH = 100
# Values, and characters of texts, each alias counted as all that it stands for.
MAX_NODES = 300_000
MAX_CHARACTERS = 4 * 1024 * 1024
# Values of one list.
MAX_ITEMS = 100_000
# What to do with numbers that are too many for a spec.
_ELSEWHERE = "keep so many in files: arrays under `data`, a vocabulary by its file's name, weights in a file of weights"
# Of more tabs between values the first are told, and mended.
_TABS = 10_000
# Two values longer than this (characters) are not compared.
_FEW = 1000

# PyYAML's C parser gives the same events many times as fast; a PyYAML built without it still works.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE = "tag:yaml.org,2002:"
_COLLECTION_TAGS = (None, "!", _CORE + "map", _CORE + "seq")
_STRING_TAGS = ("!", _CORE + "str")
_SCALAR_TAGS = {_CORE + "int": int, _CORE + "float": float, _CORE + "bool": bool, _CORE + "null": type(None)}
# A variable as templates write it.
_TEMPLATE = re.compile(r"\{\{[ \t]*([A-Za-z_]\w*)[ \t]*\}\}")
_PROPERTIES = re.compile(r"(?:[&!]\S*[ \r\n]*)+")


class Refused(Exception):
    """Ends the reading at the first thing that cannot be read past."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic


def _refusal(code: str, message: str, span: Span, help: str | None = None) -> Refused:
    return Refused(Diagnostic(code, message, span, help))


def _says_the_same(one: Span, other: Span) -> bool:
    """Whether two values are written alike, in a few words; an alias may stand for something else by now."""
    return one.end - one.start == other.end - other.start < _FEW and one.text == other.text and "*" not in one.text


class Reading:
    """One text being read. `diagnostics` are the mistakes that could be read past."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = Found()
        # What anchors name, each with its nodes and the characters of its texts.
        self.anchors: dict[str, tuple[Node, int, int]] = {}
        self.open_anchors: set[str] = set()
        self.depth = 0
        # Where scalars stand, in a text with tabs, and where the last value that is no block ended.
        self.has_tabs = "\t" in source.text
        self.scalars: list[tuple[int, int]] = []
        self.last = 0
        # Nodes so far, each alias counted as all that it stands for, and the characters that only aliases bring in.
        self.expanded = 0
        self.repeated = 0

    def span(self, event: Any) -> Span:
        return Span(self.source, event.start_mark.index, event.end_mark.index)

    def report(
        self, code: str, message: str, span: Span, help: str | None = None, *related: Related, fix: Fix | None = None
    ) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help, related, fix))

    def document(self) -> MappingNode:
        """The one document of the text. Raises: Refused."""
        try:
            # An iterator without a Python frame of its own: there are nine events a layer.
            root = self.only_document(iter(LOADER(self.source.text).get_event, None))
        except yaml.MarkedYAMLError as error:
            from mnistspec.parse.syntax import syntax_error  # what only a mistake needs

            raise Refused(syntax_error(self.source, error)) from None
        except yaml.YAMLError as error:
            raise _refusal("E101", f"the text is not YAML: {error}", Span(self.source, 0, 0)) from None
        return self.spec(root)

    def only_document(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    message = "a second document begins here; a spec is one document"
                    raise _refusal("E104", message, self.span(event), "give each spec a file of its own")
                root = self.node(next(events), events)
        return root

    def spec(self, root: Node | None) -> MappingNode:
        self.check_tabs()
        help = "`mnistspec init` writes one to start from"
        if root is None or (isinstance(root, ScalarNode) and root.value is None):
            raise _refusal("E110", "there is no spec in the text", Span(self.source, 0, 0), help)
        if not isinstance(root, MappingNode):
            message = f"a spec is a map that begins with `mnistspec: 1`, not {describe(root)}"
            raise _refusal("E110", message, root.span, help)
        return root

    def check_tabs(self) -> None:
        found = list(islice(tabs_between(self.source.text, self.scalars), _TABS))
        if found:
            start, end = found[0], found[-1] + 1
            characters = list(self.source.text[start:end])
            for position in found:
                characters[position - start] = " "
            message = "a tab between values; YAML separates and indents with spaces"
            fix = Fix(Span(self.source, start, end), "".join(characters), certain=True)
            self.report("E101", message, Span(self.source, start, start + 1), "write a space", fix=fix)

    def node(self, event: Any, events: Iterator[Any]) -> Node:
        if event.__class__ is AliasEvent:
            return self.alias(event)
        before = self.expanded
        self.expanded += 1
        if self.expanded > MAX_NODES:
            raise self.too_many(event)
        anchor = event.anchor
        if anchor is None:
            # Nearly every value.
            return self.scalar(event) if event.__class__ is ScalarEvent else self.collection(event, events)
        self.open_anchors.add(anchor)
        known = self.repeated
        node = self.scalar(event) if event.__class__ is ScalarEvent else self.collection(event, events)
        self.open_anchors.discard(anchor)
        characters = self.last - event.start_mark.index + self.repeated - known
        self.anchors[anchor] = (node, self.expanded - before, characters)
        return node

    def count(self, nodes: int, event: Any) -> None:
        self.expanded += nodes
        if self.expanded > MAX_NODES:
            raise self.too_many(event)

    def too_many(self, event: Any) -> Refused:
        message, help = f"the spec has more than {MAX_NODES:,} values", _ELSEWHERE
        if self.anchors:
            message = f"the spec expands to more than {MAX_NODES:,} values"
            help = "aliases and merge keys count as all they stand for"
        return _refusal("E107", message, self.span(event), help)

    def alias(self, event: Any) -> Node:
        span = self.span(event)
        self.last = span.end
        if event.anchor in self.open_anchors:
            raise _refusal(
                "E109", f"`*{event.anchor}` stands inside the value that it names", span, "write the value out"
            )
        if event.anchor not in self.anchors:
            known = ", ".join(f"`&{name}`" for name in self.anchors)
            help = f"there are: {known}" if known else "there are no anchors before it"
            raise _refusal("E109", f"nothing is named `&{event.anchor}`", span, help)
        node, size, characters = self.anchors[event.anchor]
        self.count(size, event)
        self.repeated += characters
        if self.repeated > MAX_CHARACTERS:
            message = f"aliases repeat more than {MAX_CHARACTERS:,} characters"
            raise _refusal("E107", message, span, "an alias counts as all the text that it stands for")
        if isinstance(node, ScalarNode):
            return ScalarNode(node.value, span, node.broken)
        if isinstance(node, SequenceNode):
            return SequenceNode(node.items, span)
        return MappingNode(node.entries, span)

    def scalar(self, event: Any) -> ScalarNode:
        start, self.last = event.start_mark.index, event.end_mark.index
        if self.has_tabs:
            self.scalars.append((start, self.last))
        plain = event.anchor is None and event.tag is None
        span = Span(self.source, start if plain else self.value_start(event), self.last)
        try:
            return ScalarNode(plain_scalar(event.value) if plain and event.implicit[0] else self.value(event), span)
        except BadNumber as bad:
            self.report("E108", bad.message, span, bad.help)
            return ScalarNode(0, span, broken=True)

    def value(self, event: Any) -> Scalar:
        """What a scalar's tag or its quotes make of it."""
        if event.tag in _STRING_TAGS or (event.tag is None and not event.implicit[0]):
            return str(event.value)
        value = plain_scalar(event.value)
        if event.tag is None:
            return value
        wanted = _SCALAR_TAGS.get(event.tag)
        if wanted is float and type(value) is int:
            return float(value)
        if wanted is not type(value):
            raise self.bad_tag(event)
        return value

    def collection(self, event: Any, events: Iterator[Any]) -> Node:
        if event.tag not in _COLLECTION_TAGS:
            raise self.bad_tag(event)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _refusal("E107", f"nested deeper than {MAX_DEPTH} levels", self.span(event))
        is_list = event.__class__ is SequenceStartEvent
        node = self.sequence(event, events) if is_list else self.mapping(event, events)
        self.depth -= 1
        return node

    def bad_tag(self, event: Any) -> Refused:
        shown = event.tag.replace(_CORE, "!!")
        message = f"the tag `{shown}` is not plain data, and nothing else is read from a spec"
        if event.tag in _SCALAR_TAGS:
            message = f"the tag `{shown}` does not fit the value"
        help = "remove the tag; numbers, strings, lists and maps need none"
        return _refusal("E105", message, self.span(event), help)

    def sequence(self, start: Any, events: Iterator[Any]) -> SequenceNode:
        items: list[Node] = []
        for event in events:
            if event.__class__ is SequenceEndEvent:
                break
            items.append(self.node(event, events))
            if len(items) > MAX_ITEMS:
                raise _refusal("E107", f"a list of more than {MAX_ITEMS:,} values", self.span(start), _ELSEWHERE)
        return SequenceNode(tuple(items), self.collection_span(start, event))

    def mapping(self, start: Any, events: Iterator[Any]) -> Node:
        entries: dict[str, Entry] = {}
        merged: list[MappingNode] = []
        for event in events:
            if event.__class__ is MappingEndEvent:
                break
            key = self.node(event, events)
            value = self.node(next(events), events)
            if not isinstance(key, ScalarNode) or key.value.__class__ is not str or key.value in entries:
                self.enter(entries, key, value, start)
            elif key.value == "<<" and event.implicit[0]:
                merged.extend(self.merge_sources(value))
            else:
                entries[key.value] = Entry(key, value)
        for source in merged:
            self.count(len(source.entries), start)
            for entry in source.entries:
                entries.setdefault(entry.name, entry)
        span = self.collection_span(start, event)
        if not entries and self.source.text.startswith("{{", span.start):
            return ScalarNode(None, span, broken=True)  # a template's variable, which has been told
        return MappingNode(tuple(entries.values()), span)

    def enter(self, entries: dict[str, Entry], node: Node, value: Node, start: Any) -> None:
        """Puts `node: value` in, unless the key is none or stands there already."""
        key = node if isinstance(node, ScalarNode) and isinstance(node.value, str) else self.key(node)
        if key is None:
            return
        name = str(key.value)
        if name in entries:
            self.duplicate(entries[name], Entry(key, value), start)
        else:
            entries[name] = Entry(key, value)

    def duplicate(self, first: Entry, second: Entry, start: Any) -> None:
        """Reports a key that stands twice; where both say the same, the second can go."""
        same = _says_the_same(first.value.span, second.value.span)
        so_far = Span(self.source, self.value_start(start), second.value.span.end)
        fix = without(MappingNode((first, second), so_far), second, certain=True) if same else None
        help = "remove one of them; they say the same" if same else "keep one of them"
        related = Related("first given here", first.key.span)
        message = f"the key `{first.name}` stands twice in this map"
        self.report("E103", message, second.key.span, help, related, fix=fix)

    def key(self, node: Node) -> ScalarNode | None:
        """A key that is not written as a string. Class ids (`0: 1.5`) are keys too, and are read as their digits."""
        if not isinstance(node, ScalarNode):
            self.key_of_many(node)
            return None
        if node.broken:
            return None
        if isinstance(node.value, int) and not isinstance(node.value, bool):
            return ScalarNode(str(node.value), node.span)
        shown = node.span.text or "null"
        self.report("E106", f"the key `{shown}` is not a string", node.span, f'quote it: "{shown}"')
        return None

    def key_of_many(self, node: Node) -> None:
        """Reports a list or a map as a key, most often a variable as templates write it: `{{ width }}`."""
        found = _TEMPLATE.match(self.source.text, node.span.start - 1)
        if found is None:
            self.report("E106", "a key is a string, not a list or a map", node.span, "write `key: value`")
            return
        meant = f'"${{{found[1]}}}"'
        whole = Span(self.source, found.start(), found.end())
        message = "YAML reads double braces as a map within a map"
        help = f"a variable is written `{meant}`"
        self.report("E106", message, whole, help, fix=Fix(whole, meant, certain=False))

    def merge_sources(self, value: Node) -> list[MappingNode]:
        candidates = value.items if isinstance(value, SequenceNode) else (value,)
        maps = [candidate for candidate in candidates if isinstance(candidate, MappingNode)]
        if len(maps) != len(candidates):
            message = f"a merge key `<<` takes a map or a list of maps, not {describe(value)}"
            self.report("E203", message, value.span, "name a map with `*`, as in `<<: *name`")
        return maps

    def value_start(self, event: Any) -> int:
        """Where a value begins behind its anchor and tag."""
        start: int = event.start_mark.index
        found = _PROPERTIES.match(self.source.text, start, event.end_mark.index)
        return found.end() if found is not None else start

    def collection_span(self, start: Any, end: Any) -> Span:
        """From the first character to the last, without the blank lines and comments after a block."""
        first = start.start_mark.index if start.anchor is None and start.tag is None else self.value_start(start)
        if start.flow_style:
            self.last = end.end_mark.index
        last = max(first, self.last)
        while last > first and self.source.text[last - 1] in " \r\n":
            last -= 1
        return Span(self.source, first, last)
