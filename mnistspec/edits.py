"""Changes of a spec's text that mend a finding, comments and layout kept; None where it is not plain how."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from itertools import pairwise

from mnistspec.diagnostics import Fix
from mnistspec.nodes import Entry, MappingNode, ScalarNode, SequenceNode
from mnistspec.source import Source, Span

_PLAIN_NAME = r"[A-Za-z_][\w./-]*"
_RESERVED = frozenset(["true", "false", "null"])
_LINE_END = r"(\r\n?|\n)(?=[ \t]*[^ \t\r\n])"
# No line is indented further (columns).
_INDENTED = 1000
_ONE_LINE_VALUE = r"[^,\[\]{}#\"'\r\n]+|\"[^\"\\\r\n]*\"|'[^'\r\n]*'|[\[{][^#\r\n]*[\]}]"
_LIST_ITEM = r"[ ]*-[ ]+"


def renamed(span: Span, old: str, new: str, *, certain: bool) -> Fix | None:
    """`new` in the place of a name, in its quotes where it has some; None where something else stands there."""
    if not re.fullmatch(_PLAIN_NAME, new) or new.lower() in _RESERVED:
        return None
    for quote in ("", '"', "'"):
        if span.text == f"{quote}{old}{quote}":
            return Fix(span, f"{quote}{new}{quote}", certain)
    return None


def inserted(source: Source, offset: int, text: str) -> Fix:
    """Something certain that is missing."""
    return Fix(Span(source, offset, offset), text, certain=True)


def spaced(span: Span, head: str) -> Fix | None:
    """A space behind the colon of `head:value`."""
    if not span.text.startswith(f"{head}:"):
        return None
    return inserted(span.source, span.start + len(head) + 1, " ")


def line_end(source: Source) -> str:
    """How the first line of the text ends."""
    found = re.search(r"\r\n?|\n", source.text)
    return found.group() if found is not None else "\n"


def in_flow(node: MappingNode) -> bool:
    """Whether a map is written in braces."""
    return node.span.source.text.startswith("{", node.span.start)


def holds(node: MappingNode, entries: Sequence[Entry]) -> bool:
    """Whether entries stand in the map's own text; a merge key brings some from elsewhere."""
    return all(
        part.source is node.span.source and node.span.start <= part.start <= part.end <= node.span.end
        for entry in entries
        for part in (entry.key.span, entry.value.span)
    )


def without(node: MappingNode, entry: Entry, *, certain: bool) -> Fix | None:
    """The map without an entry of one line; a comment behind it stays."""
    source, start, end = node.span.source, entry.key.span.start, _end(entry)
    if not holds(node, [entry]) or source.position(start)[0] != source.position(end)[0]:
        return None
    stretch = _in_braces(source, start, end) if in_flow(node) else _in_block(source, start, end)
    if stretch is None or (len(node.entries) == 1 and not in_flow(node)):
        return None
    return Fix(Span(source, *stretch), "", certain)


def alone(entry: Entry) -> Fix | None:
    """The key of an entry without its colon and the nothing behind it."""
    span = Span(entry.key.span.source, entry.key.span.end, _end(entry))
    behind = re.sub(r"[ \t]", "", span.text)
    return Fix(span, "", certain=True) if behind in (":", ":null", ":~") else None


def _end(entry: Entry) -> int:
    """Where an entry ends: behind its value, or behind the colon that nothing follows."""
    key, value = entry.key.span, entry.value.span
    if value.end > value.start:
        return value.end
    text = key.source.text
    colon = re.compile(r"[ \t]*:").match(text, key.end)
    return colon.end() if colon is not None else key.end


def _in_braces(source: Source, start: int, end: int) -> tuple[int, int]:
    """The entry with the comma behind it, or that before it; its whole line where nothing else stands there."""
    text = source.text
    comma = re.compile(r"[ \t]*,[ \t]*").match(text, end)
    if comma is not None:
        end = comma.end()
    else:
        start = _comma_before(text, start)
    begins, ends = source.line_bounds(source.position(start)[0])
    return _line(source, start) if _is_blank(text, begins, start) and _is_blank(text, end, ends) else (start, end)


def _comma_before(text: str, offset: int) -> int:
    """Where the comma stands that separates an entry from the one before; `offset` where there is none."""
    comma = offset - 1
    while comma >= 0 and text[comma] in " \t":
        comma -= 1
    return comma if comma >= 0 and text[comma] == "," else offset


def _is_blank(text: str, start: int, end: int) -> bool:
    """Whether nothing stands there, and not much of it."""
    return end - start < _INDENTED and not text[start:end].strip()


def _in_block(source: Source, start: int, end: int) -> tuple[int, int] | None:
    begins, ends = source.line_bounds(source.position(start)[0])
    after = source.text[end:ends].lstrip()
    if not _is_blank(source.text, begins, start) or (after and not after.startswith("#")):
        return None
    return (start, ends - len(after)) if after else _line(source, start)


def _line(source: Source, offset: int) -> tuple[int, int]:
    """The line of an offset, its end counted in."""
    number = source.position(offset)[0]
    starts = source.line_starts
    return starts[number - 1], starts[number] if number < len(starts) else len(source.text)


def _begins_line(span: Span) -> bool:
    begins = span.source.line_bounds(span.line)[0]
    return _is_blank(span.source.text, begins, span.start)


def _shifted(text: str, by: int) -> str:
    """The text with every line but the first further in; blank lines stay."""
    return re.sub(_LINE_END, lambda found: found.group() + " " * by, text)


def put_inside(node: MappingNode, first: Entry, rest: Sequence[Entry]) -> Fix | None:
    """Arguments that stand beside their class, inside it."""
    if not rest or not holds(node, [first, *rest]):
        return None
    inner = first.value
    if isinstance(inner, MappingNode) and in_flow(inner):
        return _into_braces(inner, rest)
    if in_flow(node) or not _begins_line(rest[0].key.span):
        return None
    if isinstance(inner, MappingNode) and inner.entries:
        return _indented(rest, inner.entries[0].key.span.column - first.key.span.column)
    return _indented(rest, 2) if isinstance(inner, ScalarNode) and inner.value is None else None


def _indented(entries: Sequence[Entry], by: int) -> Fix:
    span = Span(entries[0].key.span.source, entries[0].key.span.start, _end(entries[-1]))
    return Fix(span, " " * by + _shifted(span.text, by), certain=True)


def _into_braces(inner: MappingNode, entries: Sequence[Entry]) -> Fix | None:
    """`{units: 10}` with more entries in it, where each is simple enough to stand in braces."""
    source, end = inner.span.source, _end(entries[-1])
    between = source.text[inner.span.end : entries[0].key.span.start]
    written = [source.text[entry.key.span.start : _end(entry)] for entry in entries]
    simple = all(re.fullmatch(_ONE_LINE_VALUE, entry.value.span.text) and "\n" not in text and "\r" not in text
                 for entry, text in zip(entries, written, strict=True))  # fmt: skip
    gaps = [source.text[_end(one) : two.key.span.start] for one, two in pairwise(entries)]
    if not simple or any("#" in gap for gap in (between, *gaps)):
        return None
    body = inner.span.text[:-1].rstrip()
    separator = ", " if inner.entries and not body.endswith(",") else " " * body.endswith(",")
    return Fix(Span(source, inner.span.start, end), f"{body}{separator}{', '.join(written)}}}", certain=True)


def class_as_key(node: MappingNode, named: Entry, name: str) -> Fix | None:
    """`{type: Dense, units: 10}` and `{class_name: Dense, config: {units: 10}}` as `{Dense: {units: 10}}`."""
    first, *rest = node.entries
    if first is not named or not rest or not holds(node, node.entries):
        return None
    source = node.span.source
    if [entry.name for entry in rest] == ["config"] and isinstance(rest[0].value, MappingNode):
        # As Keras writes a layer; what stands under `config` stays where it is.
        colon = source.text.index(":", rest[0].key.span.end)
        return Fix(Span(source, first.key.span.start, colon), _like(first.key, name), certain=True)
    if in_flow(node):
        body = source.text[rest[0].key.span.start : node.span.end - 1].rstrip()
        return Fix(node.span, f"{{{_like(first.key, name)}: {{{body}}}}}", certain=True)
    if not _begins_line(rest[0].key.span):
        return None
    span = Span(source, first.key.span.start, _end(rest[-1]))
    behind = source.text[_end(first) : span.end]
    return Fix(span, f"{_like(first.key, name)}:{_shifted(behind, 2)}", certain=True)


def _like(key: ScalarNode, name: str) -> str:
    """The name in the quotes of the key."""
    quote = key.span.text[:1]
    return f"{quote}{name}{quote}" if quote in ("'", '"') else name


def one_item_each(node: MappingNode) -> Fix | None:
    """The entries of one list item as items of their own."""
    first, *rest = node.entries
    source = node.span.source
    if in_flow(node) or not holds(node, node.entries) or not all(_begins_line(entry.key.span) for entry in rest):
        return None
    begins = source.line_bounds(first.key.span.line)[0]
    dash = source.text[begins : first.key.span.start]
    if not re.fullmatch(_LIST_ITEM, dash) or any(entry.key.span.column != first.key.span.column for entry in rest):
        return None
    span = Span(source, source.line_bounds(rest[0].key.span.line)[0], _end(rest[-1]))
    text, done = "", span.start
    for entry in rest:
        start = source.line_bounds(entry.key.span.line)[0]
        text += source.text[done:start] + dash
        done = entry.key.span.start
    return Fix(span, text + source.text[done : span.end], certain=True)


def without_dashes(node: SequenceNode, known: Container[str]) -> Fix | None:
    """A list of maps of one key each as the one map that was meant; blanks take the place of the dashes."""
    source, items = node.span.source, node.items
    if not items or source.text[node.span.start] != "-":
        return None
    single = [item.entries[0] for item in items if isinstance(item, MappingNode) and len(item.entries) == 1]
    names = {entry.name for entry in single}
    if len(names) < len(items) or not all(name in known for name in names):
        return None
    dashes = [source.text.rfind("-", node.span.start, entry.key.span.start) for entry in single]
    text, done = "", node.span.start
    for dash, entry in zip(dashes, single, strict=True):
        if source.text[dash + 1 : entry.key.span.start].strip(" "):
            return None
        text += source.text[done:dash] + " "
        done = dash + 1
    return Fix(Span(source, node.span.start, done), text, certain=True)


def as_list(node: MappingNode) -> Fix | None:
    """A map whose entries are the items of a list that was meant."""
    if not node.entries or not holds(node, node.entries):
        return None
    source = node.span.source
    if in_flow(node):
        return Fix(node.span, f"[{node.span.text}]", certain=True) if len(node.entries) == 1 else None
    if not all(_begins_line(entry.key.span) for entry in node.entries):
        return None
    starts = [entry.key.span.start for entry in node.entries]
    ends = [*starts[1:], _end(node.entries[-1])]
    text = "".join("- " + _shifted_item(source.text[start:end]) for start, end in zip(starts, ends, strict=True))
    return Fix(Span(source, starts[0], ends[-1]), text, certain=True)


def _shifted_item(text: str) -> str:
    """The text of one entry two columns further in, but for what belongs to the next: the lines above its key."""
    end = len(text)
    for start in reversed([found.start() for found in re.finditer(r"\r\n?|\n", text)]):
        line = text[start:end].strip()
        if line and not line.startswith("#"):
            break
        end = start
    return _shifted(text[:end], 2) + text[end:]
