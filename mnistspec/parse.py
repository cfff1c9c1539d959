"""Text to nodes: YAML events with places, scalars by YAML 1.2's core schema, and bounds that act while reading."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from mnistspec.diagnostics import Diagnostic, Outcome, Related, UsageError
from mnistspec.nodes import Entry, MappingNode, Node, Scalar, ScalarNode, SequenceNode
from mnistspec.source import Source, Span

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 100
MAX_NODES = 1_000_000

# PyYAML's C parser gives the same events many times as fast; a PyYAML built without it still works.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN")
_WORDS: dict[str, Scalar] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_PLAIN_TAGS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq", "!")
_STRING_TAG = "tag:yaml.org,2002:str"


class _Refused(Exception):
    """Ends the reading at the first thing that cannot be read past."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic


def read_source(path: Path, name: str | None = None) -> Outcome[Source]:
    """The text of a file, or why it is no text.

    Raises: UsageError when the file cannot be opened or is no regular file.
    """
    shown = name or str(path)
    try:
        if path.is_dir():
            raise UsageError(f"`{shown}` is a folder, not a spec; name the files in it, as in `{shown}/*.yaml`")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"there is no file `{shown}`; `mnistspec init` writes one to start from") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"`{shown}` cannot be read: {getattr(error, 'strerror', None) or error}") from error
    return decode(data, shown, path)


def decode(data: bytes, name: str, path: Path | None = None) -> Outcome[Source]:
    """Bytes to a source: UTF-8, with or without a byte order mark."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        source = Source("", name, path)
        return _failed("E102", "the file is UTF-16", Span(source, 0, 0), "save it as UTF-8")
    try:
        return Outcome(Source(data.decode("utf-8-sig"), name, path))
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8-sig", errors="replace")
        if len(data) > MAX_BYTES:
            return _failed("E107", _too_long(), Span(Source(good, name, path), 0, 0), None)
        source = Source(good + "�", name, path)
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        return _failed("E102", message, Span(source, len(good), len(good) + 1), "save the file as UTF-8")


def parse(source: Source) -> Outcome[MappingNode]:
    """The spec's text as a tree of nodes with places.

    Syntax that cannot be read past ends the reading with one diagnostic; duplicate keys and the like are collected.
    """
    reader = _Reader(source)
    try:
        _check_text(source)
        root = reader.document()
    except _Refused as refusal:
        return Outcome(None, (*reader.diagnostics, refusal.diagnostic))
    return Outcome(root, tuple(reader.diagnostics))


def _failed(code: str, message: str, span: Span, help: str | None) -> Outcome[Any]:
    return Outcome(None, (Diagnostic(code, message, span, help),))


def _too_long() -> str:
    return f"the text is longer than the {MAX_BYTES // 1024 // 1024} MiB that a spec may have"


def _check_text(source: Source) -> None:
    if len(source.text) > MAX_BYTES:
        raise _Refused(Diagnostic("E107", _too_long(), Span(source, 0, 0)))
    found = _UNPRINTABLE.search(source.text)
    if found is not None:
        span = Span(source, found.start(), found.end())
        message = f"the character U+{ord(found.group()):04X} cannot stand in YAML"
        raise _Refused(
            Diagnostic("E102", message, span, "remove it; inside double quotes it can be written as an escape")
        )


class _Reader:
    """Builds nodes from the parser's events and keeps what was found on the way."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.open_anchors: set[str] = set()
        self.depth = 0
        self.scalars: list[tuple[int, int]] = []
        # Nodes so far, each alias counted as all that it stands for.
        self.expanded = 0

    def span(self, event: Any) -> Span:
        return Span(self.source, event.start_mark.index, event.end_mark.index)

    def refuse(self, code: str, message: str, span: Span, help: str | None = None) -> _Refused:
        return _Refused(Diagnostic(code, message, span, help))

    def report(self, code: str, message: str, span: Span, help: str | None = None, *related: Related) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help, related))

    def events(self) -> Iterator[Any]:
        try:
            yield from yaml.parse(self.source.text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            raise _Refused(_syntax_error(self.source, error)) from None
        except yaml.YAMLError as error:
            raise self.refuse("E101", f"the text is not YAML: {error}", Span(self.source, 0, 0)) from None

    def document(self) -> MappingNode:
        events = self.events()
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    message = "a second document begins here; a spec is one document"
                    raise self.refuse("E104", message, self.span(event), "give each spec a file of its own")
                root = self.node(next(events), events)
        self.check_tabs()
        whole = Span(self.source, 0, 0)
        if root is None or (isinstance(root, ScalarNode) and root.value is None):
            raise self.refuse(
                "E110", "there is no spec in the text", whole, "`mnistspec init` writes one to start from"
            )
        if not isinstance(root, MappingNode):
            raise self.refuse("E110", "a spec is a map that begins with `mnistspec: 1`", root.span)
        return root

    def node(self, event: Any, events: Iterator[Any]) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        self.count(1, event)
        before = self.expanded - 1
        anchor = event.anchor
        if anchor is not None:
            self.open_anchors.add(anchor)
        node = self.fresh_node(event, events)
        if anchor is not None:
            self.open_anchors.discard(anchor)
            self.anchors[anchor] = (node, self.expanded - before)
        return node

    def fresh_node(self, event: Any, events: Iterator[Any]) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            self.scalars.append((event.start_mark.index, event.end_mark.index))
            before = len(self.diagnostics)
            value = self.scalar(event)
            return ScalarNode(value, self.span(event), broken=len(self.diagnostics) > before)
        self.check_tag(event)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.refuse("E107", f"nested deeper than {MAX_DEPTH} levels", self.span(event))
        node = (
            self.sequence(event, events) if isinstance(event, yaml.SequenceStartEvent) else self.mapping(event, events)
        )
        self.depth -= 1
        return node

    def count(self, nodes: int, event: Any) -> None:
        self.expanded += nodes
        if self.expanded > MAX_NODES:
            message = f"the spec expands to more than {MAX_NODES:,} values"
            raise self.refuse("E107", message, self.span(event), "aliases and merge keys count as all they stand for")

    def alias(self, event: Any) -> Node:
        span = self.span(event)
        if event.anchor in self.open_anchors:
            raise self.refuse("E109", f"`*{event.anchor}` stands inside the value that it names", span)
        if event.anchor not in self.anchors:
            known = ", ".join(f"`&{name}`" for name in self.anchors)
            raise self.refuse("E109", f"nothing is named `&{event.anchor}`", span, known and f"there are: {known}")
        node, size = self.anchors[event.anchor]
        self.count(size, event)
        if isinstance(node, ScalarNode):
            return ScalarNode(node.value, span)
        if isinstance(node, SequenceNode):
            return SequenceNode(node.items, span)
        return MappingNode(node.entries, span)

    def sequence(self, start: Any, events: Iterator[Any]) -> SequenceNode:
        items: list[Node] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self.node(event, events))
        return SequenceNode(tuple(items), self.collection_span(start, event))

    def mapping(self, start: Any, events: Iterator[Any]) -> MappingNode:
        entries: dict[str, Entry] = {}
        merged: list[MappingNode] = []
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key_node = self.node(event, events)
            value = self.node(next(events), events)
            if isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.implicit[0]:
                merged.extend(self.merge_sources(value))
                continue
            key = self.key(key_node, event)
            if key is None:
                continue
            first = entries.get(str(key.value))
            if first is not None:
                related = Related("first given here", first.key.span)
                self.report("E103", f"the key `{key.value}` stands twice in this map", key.span, None, related)
            else:
                entries[str(key.value)] = Entry(key, value)
        for source in merged:
            self.count(len(source.entries), start)
            for entry in source.entries:
                entries.setdefault(entry.name, entry)
        return MappingNode(tuple(entries.values()), self.collection_span(start, event))

    def collection_span(self, start: Any, end: Any) -> Span:
        """From the first character to the last, without the blank lines and comments after a block."""
        first, last = start.start_mark.index, end.end_mark.index
        if not start.flow_style:
            text = self.source.text
            last = self.scalars[-1][1] if self.scalars and self.scalars[-1][0] >= first else last
            while last > first and text[last - 1] in " \r\n":
                last -= 1
        return Span(self.source, first, max(first, last))

    def merge_sources(self, value: Node) -> list[MappingNode]:
        candidates = value.items if isinstance(value, SequenceNode) else (value,)
        maps = [candidate for candidate in candidates if isinstance(candidate, MappingNode)]
        if len(maps) != len(candidates):
            self.report("E203", "a merge key `<<` takes a map or a list of maps", value.span)
        return maps

    def key(self, node: Node, event: Any) -> ScalarNode | None:
        """The key as a string. Class ids (`0: 1.5`) are keys too, and are read as their digits."""
        if isinstance(node, ScalarNode):
            if isinstance(node.value, str):
                return node
            if isinstance(node.value, int) and not isinstance(node.value, bool):
                return ScalarNode(str(node.value), node.span)
            shown = event.value or "null"
            self.report("E106", f"the key `{shown}` is not a string", node.span, f'quote it: "{shown}"')
            return None
        self.report("E106", "a key is a string, not a list or a map", node.span)
        return None

    def scalar(self, event: Any) -> Scalar:
        text: str = event.value
        if event.tag == _STRING_TAG or event.tag == "!" or (event.tag is None and not event.implicit[0]):
            return text
        self.check_tag(event)
        if text in _WORDS:
            return _WORDS[text]
        if text[0] not in "-+.0123456789":
            return text
        return self.number(text, event)

    def number(self, text: str, event: Any) -> Scalar:
        if _INTEGER.fullmatch(text):
            if len(text) > 20 or not -(2**63) <= (value := int(text, _base(text))) < 2**63:
                self.report("E108", "an integer that does not fit 64 bits", self.span(event))
                return 0
            return value
        if _FLOAT.fullmatch(text):
            number = float(text)
            if math.isinf(number):
                self.report("E108", f"`{text[:40]}` is larger than a number can be", self.span(event))
                return 0.0
            return number
        if _NOT_FINITE.fullmatch(text):
            self.report("E108", f"`{text}` is not a number that a model can use", self.span(event))
            return 0.0
        return text

    def check_tag(self, event: Any) -> None:
        if event.tag is None or event.tag in _PLAIN_TAGS:
            return
        shown = event.tag.replace("tag:yaml.org,2002:", "!!")
        message = f"the tag `{shown}` is not plain data, and nothing else is read from a spec"
        raise self.refuse(
            "E105", message, self.span(event), "remove the tag; numbers, strings, lists and maps need none"
        )

    def check_tabs(self) -> None:
        """Tabs outside strings and comments, which YAML parsers treat each in their own way."""
        text = self.source.text
        position = text.find("\t")
        if position < 0:
            return
        covered = sorted(self.scalars)
        index = 0
        while position >= 0:
            while index < len(covered) and covered[index][1] <= position:
                index += 1
            inside = index < len(covered) and covered[index][0] <= position
            if not inside and not self.in_comment(position):
                span = Span(self.source, position, position + 1)
                self.report("E101", "a tab between values; YAML separates and indents with spaces", span)
                return
            position = text.find("\t", position + 1)

    def in_comment(self, position: int) -> bool:
        start = self.source.text.rfind("\n", 0, position) + 1
        before = self.source.text[start:position]
        return re.search(r"(^|\s)#", before) is not None


def _base(text: str) -> int:
    return {"0o": 8, "0x": 16}.get(text[:2], 10)


# What libyaml says, by the words that tell its messages apart, and what a person needs to hear instead.
_WORDING = (
    ("cannot start any token", "a character that cannot begin a value", "quote the value if it begins with it"),
    ("mapping values are not allowed", "a `:` where no key can stand", "put the key on a line of its own, or quote the text"),
    ("could not find expected ':'", "a key without its `:`", "write `key: value`, with a space after the colon"),
    ("did not find expected key", "the indentation does not fit the lines above", "line it up with the keys of the same map"),
    ("did not find expected '-'", "the indentation does not fit the list above", "line it up with the list's other `-`"),
    ("did not find expected ',' or ']'", "a list in brackets that is not closed", "close it with `]`, or put `,` between its items"),
    ("did not find expected ',' or '}'", "a map in braces that is not closed", "close it with `}`, or put `,` between its entries"),
    ("unexpected end of stream", "the text ends inside a quoted string", "close the quotes"),
    ("document indicator", "the text ends inside a quoted string", "close the quotes"),
    ("block sequence entries are not allowed", "a `-` where no list can begin", "begin the list on a line of its own"),
    ("undefined tag handle", "a tag that is not plain data", "remove it"),
    ("unknown escape", "an escape that YAML does not know", "write `\\\\` for a backslash, or use single quotes"),
)  # fmt: skip


def _syntax_error(source: Source, error: yaml.MarkedYAMLError) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    offset = min(mark.index if mark is not None else 0, len(source.text))
    span = Span(source, offset, min(offset + 1, len(source.text)))
    problem = str(error.problem or error.context or error)
    related: tuple[Related, ...] = ()
    if error.context_mark is not None and error.context_mark.index != offset:
        begun = min(error.context_mark.index, len(source.text))
        related = (Related("this began here", Span(source, begun, min(begun + 1, len(source.text)))),)
    if source.text[offset : offset + 1] == "\t":
        return Diagnostic("E101", "a tab where YAML needs spaces", span, "indent with spaces", related)
    for words, message, help in _WORDING:
        if words in problem:
            code = "E105" if "tag" in words else "E101"
            return Diagnostic(code, message, span, help, related)
    return Diagnostic("E101", f"the text is not YAML: {problem}", span, None, related)
