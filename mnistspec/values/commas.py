"""Values in braces that fall apart at their commas: `{kernel_size: (3, 3)}`, `{from: a, b}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence

from mnistspec.catalogue.kinds import Kind, Listing, Text
from mnistspec.diagnostics import Fix
from mnistspec.edits import holds, in_flow
from mnistspec.nodes import Entry, MappingNode, ScalarNode
from mnistspec.source import Span
from mnistspec.values.matching import options_of
from mnistspec.values.reading import Reading

KindOf = Callable[[str], "Kind | None"]


def fallen_apart(reading: Reading, node: MappingNode, unknown: Sequence[Entry], kind_of: KindOf) -> list[Entry]:
    """Reports values of which parts became keys without a value; returns the keys that are no such parts.

    `kind_of` gives the kind of a key, None for one that takes nodes.
    """
    parts = [entry for entry in unknown if _is_valueless(node, entry)]
    if not parts or not in_flow(node) or not holds(node, node.entries):
        return list(unknown)
    gone: set[int] = set()
    for entry, behind in _runs(node.entries, {id(part) for part in parts}):
        if _reported(reading, entry, behind, kind_of(entry.name)):
            gone.update(map(id, behind))
    return [one for one in unknown if id(one) not in gone]


def _is_valueless(node: MappingNode, entry: Entry) -> bool:
    """Whether a key of a map in braces has neither a value nor a colon."""
    value, text = entry.value, node.span.source.text
    empty = isinstance(value, ScalarNode) and value.value is None
    return empty and re.compile(r"\s*[,}]").match(text, entry.key.span.end) is not None


def _runs(entries: Sequence[Entry], parts: Container[int]) -> Iterator[tuple[Entry, list[Entry]]]:
    """Each entry that is no part of another with the parts right behind it, where there are any."""
    first: Entry | None = None
    behind: list[Entry] = []
    for entry in entries:
        if id(entry) in parts:
            behind.append(entry)
            continue
        if first is not None and behind:
            yield first, behind
        first, behind = entry, []
    if first is not None and behind:
        yield first, behind


def _reported(reading: Reading, entry: Entry, behind: Sequence[Entry], kind: Kind | None) -> bool:
    """Whether a value and the keys behind it are one value, which is then reported, once."""
    if not isinstance(entry.value, ScalarNode):
        return False
    span = Span(entry.value.span.source, entry.value.span.start, behind[-1].key.span.end)
    meant = _meant(span.text, kind)
    if meant is None:
        return False
    apart = {entry.value.span, *(one.value.span for one in behind)}
    reading.diagnostics[:] = [found for found in reading.diagnostics if found.span not in apart]
    message = f"in braces a comma ends a value, and `{span.text}` holds one"
    reading.report("E203", message, span, f"write `{meant}`", fix=Fix(span, meant, certain=True))
    return True


def _meant(text: str, kind: Kind | None) -> str | None:
    """The text as a list or in quotes; None where it is neither."""
    if text.startswith("(") and text.endswith(")"):
        return f"[{text[1:-1].strip().rstrip(',')}]"
    options = options_of(kind) if kind is not None else ()
    if kind is None and not all(part.strip()[:1].isalpha() for part in text.split(",")):
        return None
    if kind is None or any(isinstance(option, Listing) for option in options):
        return f"[{text}]"
    plain = any(isinstance(option, Text) for option in options) and '"' not in text and "\\" not in text
    return f'"{text}"' if plain else None
