"""`--set` settings into the tree, each with its own text as the place of what it brings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mnistspec.diagnostics import Diagnostic, Outcome
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.parse import parse
from mnistspec.source import Source, Span

_MAX_DEPTH = 50
_INDEX = re.compile(r"[0-9]{1,9}")


class _NoPlace(Exception):
    def __init__(self, message: str, help: str | None = None) -> None:
        self.message, self.help = message, help


def override(root: MappingNode, settings: Sequence[str]) -> Outcome[MappingNode]:
    """The tree with `a.b=value` settings put in. A number in the path counts the items of a list from 0."""
    diagnostics: list[Diagnostic] = []
    for setting in settings:
        source = Source(setting, "--set")
        key, sign, _ = setting.partition("=")
        path = key.strip().split(".")
        place = Span(source, 0, len(key))
        if not sign or "" in path or len(path) > _MAX_DEPTH:
            help = "write `key=value`, as in `fit.epochs=3`"
            diagnostics.append(Diagnostic("E303", f"`{setting[:60]}` is no setting", place, help))
            continue
        value = _value(source, len(key) + 1)
        diagnostics.extend(value.diagnostics)
        if value.value is None:
            continue
        try:
            changed = _put(root, path, value.value, place)
        except _NoPlace as error:
            diagnostics.append(Diagnostic("E303", error.message, place, error.help))
            continue
        assert isinstance(changed, MappingNode)
        root = changed
    return Outcome(root, tuple(diagnostics))


def _value(source: Source, start: int) -> Outcome[Node]:
    """The value behind the `=`, read as YAML with every character at its own place in the setting."""
    padded = Source("v:" + " " * max(0, start - 2) + " " + source.text[start:] + "\n", source.name)
    shift = len(padded.text) - 1 - len(source.text)
    outcome = parse(padded)
    found = [replace(d, span=_moved(d.span, source, shift), related=()) for d in outcome.diagnostics]
    if outcome.value is None or found:
        return Outcome(None, tuple(found))
    if len(outcome.value.entries) != 1:
        place = Span(source, start, len(source.text))
        help = "give each key a `--set` of its own"
        return Outcome(None, (Diagnostic("E303", "more than one value in a setting", place, help),))
    return Outcome(_relocated(outcome.value.entries[0].value, source, shift))


def _moved(span: Span | None, source: Source, shift: int) -> Span:
    def place(offset: int) -> int:
        return min(max(offset - shift, 0), len(source.text))

    return Span(source, place(span.start), place(span.end)) if span is not None else Span(source, 0, 0)


def _relocated(node: Node, source: Source, shift: int) -> Node:
    span = _moved(node.span, source, shift)
    if isinstance(node, ScalarNode):
        return replace(node, span=span)
    if isinstance(node, SequenceNode):
        return SequenceNode(tuple(_relocated(item, source, shift) for item in node.items), span)
    entries = tuple(
        Entry(replace(entry.key, span=_moved(entry.key.span, source, shift)), _relocated(entry.value, source, shift))
        for entry in node.entries
    )
    return MappingNode(entries, span)


def _put(node: Node | None, path: Sequence[str], value: Node, span: Span) -> Node:
    if not path:
        return value
    name, *rest = path
    if node is None or (isinstance(node, ScalarNode) and node.value is None):
        node = MappingNode((), span)
    if isinstance(node, SequenceNode):
        return _put_item(node, name, rest, value, span)
    if isinstance(node, ScalarNode):
        shown = node.value if isinstance(node.value, str) else node.span.text
        raise _NoPlace(
            f"`{name}` cannot be set inside `{shown}`, which is a single value", "set the whole value instead"
        )
    old = node.entry(name)
    key = old.key if old is not None else ScalarNode(name, span)
    new = Entry(key, _put(old.value if old is not None else None, rest, value, span))
    if old is None:
        return replace(node, entries=(*node.entries, new))
    return replace(node, entries=tuple(new if entry is old else entry for entry in node.entries))


def _put_item(node: SequenceNode, name: str, rest: Sequence[str], value: Node, span: Span) -> Node:
    index = int(name) if _INDEX.fullmatch(name) else len(node.items)
    if index >= len(node.items):
        last = len(node.items) - 1
        help = f"items count from 0, and the last is {last}" if last >= 0 else "the list is empty; set all of it"
        raise _NoPlace(f"`{name}` is no item of a list of {len(node.items)}", help)
    items = list(node.items)
    items[index] = _put(items[index], rest, value, span)
    return replace(node, items=tuple(items))
