"""The one layout of specs: text to text, comments kept, and nothing else of what is written changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml

from mnistspec.diagnostics import Diagnostic, has_errors
from mnistspec.edits import line_end
from mnistspec.frozen import dataclass
from mnistspec.ignoring import is_ignoring
from mnistspec.layout.comments import attach, find_comments
from mnistspec.layout.tree import Leaf, NotKept, read_tree
from mnistspec.layout.writer import written
from mnistspec.parse import parse
from mnistspec.parse.reading import LOADER
from mnistspec.source import Source


@dataclass(frozen=True)
class Layout:
    """A spec's text in the one layout; as it was where it cannot be read (`diagnostics`) or kept (`left` says why)."""

    source: Source
    text: str
    diagnostics: tuple[Diagnostic, ...] = ()
    left: str | None = None

    @property
    def is_changed(self) -> bool:
        return self.text != self.source.text


def lay_out(source: Source) -> Layout:
    """Lays a spec's text out. What the text says is read from the old and the new, and has to be the same."""
    parsed = parse(source)
    if has_errors(parsed.diagnostics):
        return Layout(source, source.text, parsed.diagnostics)
    if source.path is not None and source.path.suffix == ".json":
        return Layout(source, source.text, left="JSON has a layout of its own")
    try:
        text = formatted(source)
        return Layout(source, text.replace("\n", line_end(source)))
    except NotKept as reason:
        return Layout(source, source.text, left=f"its layout would lose {reason}")


def laid_out(text: str) -> str:
    """A text that this program wrote, without comments, in the one layout where it can be kept; taken on trust."""
    source = Source(text)
    try:
        root, leaves = read_tree(source)
    except NotKept:
        return text
    return written(source, root, attach(source, root, leaves))


def formatted(source: Source) -> str:
    """The text of a map in the one layout, its lines ended by `\\n`. Raises: NotKept."""
    root, leaves = read_tree(source)
    text = written(source, root, attach(source, root, leaves))
    if _said(source.text) != _said(text):
        has_end = source.text.endswith(("\n", "\r"))
        raise NotKept("a part of a text of several lines" if has_end else "that its last text has no line end")
    _compare_comments(source, leaves, Source(text))
    return text


def _said(text: str) -> list[Any]:
    """What a text says, whatever its layout: values, anchors, aliases and tags in their order."""
    try:
        events = iter(LOADER(text).get_event, None)
        return [_told(event) for event in events if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent)]
    except yaml.YAMLError as error:
        raise NotKept("a part of what it says") from error


def _told(event: Any) -> tuple[Any, ...]:
    names = ("anchor", "tag", "implicit", "value")
    return (type(event).__name__, *(getattr(event, name, None) for name in names))


def _compare_comments(source: Source, leaves: list[Leaf], new: Source) -> None:
    """Every comment is still there, and those that speak of their line stand at the same values. Raises: NotKept."""
    if "#" not in source.text:
        return
    old_leaves, (_, new_leaves) = leaves, read_tree(new)
    before, after = (list(find_comments(one, own)) for one, own in ((source, old_leaves), (new, new_leaves)))
    if Counter(comment.text for comment in before) != Counter(comment.text for comment in after):
        raise NotKept("a comment")
    if any(is_ignoring(comment.text) for comment in before):
        old, now = (sorted(_ignored(one, own)) for one, own in ((source, old_leaves), (new, new_leaves)))
        if old != now:
            raise NotKept("what a comment `# mnistspec: ignore[...]` is about, which is its line")


def _ignored(source: Source, leaves: list[Leaf]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each comment that ignores something with the values, by their number, that begin in its line."""
    by_line: dict[int, list[int]] = {}
    for number, leaf in enumerate(leaves):
        by_line.setdefault(source.position(leaf.start)[0], []).append(number)
    for comment in find_comments(source, leaves):
        if is_ignoring(comment.text):
            yield comment.text, tuple(by_line.get(comment.line, ()))
