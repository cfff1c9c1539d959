"""A spec's text as it is written: collections, scalars and where they stand, nothing worked out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml
from yaml.events import AliasEvent, DocumentStartEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

from mnistspec.layout.scalars import block_end
from mnistspec.parse.reading import LOADER
from mnistspec.source import Source

_PROPERTIES = re.compile(r"(?:[&!]\S*(?=\s|$|[,\]}])|[ \t\r\n]+|#[^\r\n]*)+")
# YAML wants a sign before a key that is longer (characters).
_LONGEST_KEY = 1000
# Lists that have a line an item, whatever their length: what a person looks for, and moves about.
_LISTS = frozenset(["layers", "callbacks"])
# Maps that have a line an entry, by section; those of `blocks` too.
_MAPS = frozenset([("data", "prepare"), ("model", "inputs")])


class NotKept(Exception):
    """Something that cannot be laid out anew without a change of what is written; its text says what."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar or an alias as it is written, with the anchor and tag before it; `style` is that of YAML's events.

    `indent` is the column from which the content of a block scalar counts its own.
    """

    start: int
    end: int
    text: str
    style: str | None
    properties: str = ""
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a map, or with `key` None an item of a list."""

    number: int
    start: int
    key: Leaf | None
    value: Leaf | Collection


@dataclass(frozen=True, slots=True)
class Collection:
    """A map or a list; `in_flow` where it stands in brackets, `is_open` where it must not in the one layout."""

    number: int
    start: int
    end: int
    column: int
    in_flow: bool
    is_map: bool
    is_open: bool
    items: tuple[Item, ...]
    properties: str = ""


Written: TypeAlias = Leaf | Collection


@dataclass
class _Reading:
    """The events of one text, under way. `leaves` are all scalars and aliases in their order."""

    source: Source
    events: Iterator[Any]
    leaves: list[Leaf] = field(default_factory=list)
    numbers: int = 0

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    def written(self, event: Any, path: tuple[str, ...], indent: int) -> Written:
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            return self.collection(event, path, indent)
        leaf = self.leaf(event, indent)
        self.leaves.append(leaf)
        return leaf

    def leaf(self, event: Any, indent: int) -> Leaf:
        first, last = event.start_mark.index, event.end_mark.index
        if isinstance(event, AliasEvent):
            return Leaf(first, last, self.source.text[first:last], "*")
        start, properties = self.properties(event)
        start = min(start, last)
        if event.style in ("|", ">"):
            last = block_end(self.source.text, start, indent)
        return Leaf(start, last, self.source.text[start:last], event.style, properties, indent)

    def properties(self, event: Any) -> tuple[int, str]:
        """Where a value begins behind its anchor and tag, and these."""
        start: int = event.start_mark.index
        if event.anchor is None and event.tag is None:
            return start, ""
        found = _PROPERTIES.match(self.source.text, start)
        if found is None:
            return start, ""
        words = re.sub(r"#[^\r\n]*", "", found.group()).split()
        return found.end(), " ".join(words)

    def collection(self, event: Any, path: tuple[str, ...], indent: int) -> Collection:
        number = self.number()
        start, properties = self.properties(event)
        column = self.source.position(start)[1] - 1
        in_flow = bool(event.flow_style)
        inside = indent if in_flow else column
        is_map = isinstance(event, MappingStartEvent)
        items: list[Item] = []
        for inner in self.events:
            if isinstance(inner, yaml.CollectionEndEvent):
                break
            items.append(self.entry(inner, path, inside) if is_map else self.item(inner, path, inside))
        end = _end_of(inner) if in_flow else items[-1].value.end
        is_open = bool(items) and _is_open(path, is_map)
        return Collection(number, start, end, column, in_flow, is_map, is_open, tuple(items), properties)

    def entry(self, event: Any, path: tuple[str, ...], indent: int) -> Item:
        number = self.number()
        if not isinstance(event, ScalarEvent):
            raise NotKept("a key that is no plain name")
        key = self.leaf(event, indent)
        if key.style in ("|", ">") or "\n" in key.text or "\r" in key.text or len(key.text) > _LONGEST_KEY:
            raise NotKept("a key of several lines, or a very long one")
        self.leaves.append(key)
        value = self.written(next(self.events), (*path, event.value), indent)
        return Item(number, _start_of(event), key, value)

    def item(self, event: Any, path: tuple[str, ...], indent: int) -> Item:
        number = self.number()
        return Item(number, _start_of(event), None, self.written(event, (*path, "-"), indent))


def _start_of(event: Any) -> int:
    start: int = event.start_mark.index
    return start


def _end_of(event: Any) -> int:
    end: int = event.end_mark.index
    return end


def _is_open(path: tuple[str, ...], is_map: bool) -> bool:
    """Whether a collection has a line an entry wherever it stands: a section, a list of layers."""
    if is_map:
        return len(path) < 2 or path in _MAPS or (path[0] == "blocks" and len(path) == 2)
    return bool(path) and path[-1] in _LISTS


def read_tree(source: Source) -> tuple[Collection, list[Leaf]]:
    """The map that a text is, and all its scalars and aliases in their order; the text has been parsed before.

    Raises: NotKept.
    """
    events = iter(LOADER(source.text).get_event, None)
    for event in events:
        if isinstance(event, DocumentStartEvent):
            break
    if event.version is not None or event.tags:
        raise NotKept("a directive of YAML")
    reading = _Reading(source, events)
    root = reading.written(next(events), (), -1)
    if not isinstance(root, Collection):
        raise NotKept("something other than a map")
    return root, reading.leaves
