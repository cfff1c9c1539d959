"""Comments, and what each belongs to: an entry it stands above or beside, or the end of a collection."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mnistspec.layout.tree import Collection, Item, Leaf
from mnistspec.source import Source

_COMMENT = re.compile(r"#[^\r\n]*")
_BLANK_LINE = re.compile(r"[ \t]*+[\r\n]")


@dataclass(frozen=True, slots=True)
class Comment:
    """One line of a comment; `gap` counts the blanks before it, `is_blank_above` says what stands above it."""

    offset: int
    line: int
    column: int
    text: str
    gap: int
    is_own_line: bool
    is_blank_above: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """A comment at the end of a line and the lines that go on with it below.

    `is_behind_key` where it stands before the value rather than behind it.
    """

    lines: tuple[Comment, ...]
    is_behind_key: bool


@dataclass
class Comments:
    """The comments of a text by the number of the item or collection they belong to."""

    above: dict[int, list[Comment]] = field(default_factory=dict)
    beside: dict[int, list[Beside]] = field(default_factory=dict)
    foot: dict[int, list[Comment]] = field(default_factory=dict)

    def touch(self, collection: Collection) -> bool:
        """Whether a comment stands inside a collection, as far as its own items know."""
        if collection.number in self.foot:
            return True
        return any(item.number in self.above or item.number in self.beside for item in collection.items)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place in the text where something begins or ends; `what` is `begin`, `key`, `open`, `value` or `close`."""

    offset: int
    what: str
    item: Item | None
    collection: Collection | None = None


def find_comments(source: Source, leaves: Sequence[Leaf]) -> Iterator[Comment]:
    """Everything behind a `#` between scalars."""
    done = 0
    for start, end in [*((leaf.start, leaf.end) for leaf in leaves), (len(source.text), len(source.text))]:
        for found in _COMMENT.finditer(source.text, done, max(done, start)):
            yield _comment(source, found.start(), found.group().rstrip())
        done = max(done, end)


def _comment(source: Source, offset: int, text: str) -> Comment:
    line, column = source.position(offset)
    before = source.text[source.line_starts[line - 1] : offset]
    gap = len(before) - len(before.rstrip())
    return Comment(offset, line, column - 1, text, gap, not before.strip(), is_blank_above(source, line))


def is_blank_above(source: Source, line: int) -> bool:
    """Whether the line above one holds nothing but blanks."""
    return line > 1 and _BLANK_LINE.match(source.text, source.line_starts[line - 2]) is not None


def attach(source: Source, root: Collection, leaves: Sequence[Leaf]) -> Comments:
    """Finds the place of every comment of a text."""
    marks = list(_marks(root))
    offsets = [mark.offset for mark in marks]
    found = Comments()
    last: Comment | None = None
    beside: list[Comment] | None = None
    groups: list[tuple[list[Comment], _Mark | None]] = []
    for comment in find_comments(source, leaves):
        index = bisect_right(offsets, comment.offset)
        goes_on = last is not None and comment.line == last.line + 1 and comment.column == last.column
        if comment.is_own_line and beside is not None and goes_on:
            beside.append(comment)
        elif not comment.is_own_line and (owner := _owner(source, marks, index, comment)) is not None:
            beside = [comment]
            groups.append((beside, owner))
        else:
            beside = None
            _place(found, marks, index, comment, root)
        last = comment
    for lines, mark in groups:
        assert mark is not None and mark.item is not None
        kept = Beside(tuple(lines), mark.what in ("key", "open"))
        found.beside.setdefault(mark.item.number, []).append(kept)
    return found


def _marks(collection: Collection, holder: Item | None = None) -> Iterator[_Mark]:
    """The places of a collection in the order of the text."""
    if collection.in_flow:
        yield _Mark(collection.start, "open", holder, collection)
    for item in collection.items:
        yield _Mark(item.start, "begin", item, collection)
        if item.key is not None:
            yield _Mark(item.key.end, "key", item)
        if isinstance(item.value, Collection):
            yield from _marks(item.value, item)
        elif item.value.end > item.value.start:
            yield _Mark(item.value.end, "value", item)
    if collection.in_flow:
        yield _Mark(collection.end, "close", holder, collection)
    else:
        yield _Mark(collection.end, "ended", None, collection)


def _owner(source: Source, marks: Sequence[_Mark], index: int, comment: Comment) -> _Mark | None:
    """What stands before a comment on its line."""
    while index and marks[index - 1].item is None:
        index -= 1
    if not index or source.position(marks[index - 1].offset)[0] != comment.line:
        return None
    return marks[index - 1]


def _place(found: Comments, marks: Sequence[_Mark], index: int, comment: Comment, root: Collection) -> None:
    """Puts a comment on a line of its own above what follows, or at the foot of what has ended."""
    while index < len(marks) and marks[index].item is None and marks[index].what == "open":
        index += 1
    following = marks[index] if index < len(marks) else None
    home = following.collection if following is not None else None
    ended = None
    if following is not None and following.what == "close":
        ended = home
    elif following is None or following.what == "begin":
        ended = _ended(marks, index, comment, home.column if home is not None and not home.in_flow else -1)
    if ended is None and following is not None and following.item is not None:
        found.above.setdefault(following.item.number, []).append(comment)
    else:
        found.foot.setdefault((ended or root).number, []).append(comment)


def _ended(marks: Sequence[_Mark], index: int, comment: Comment, below: int) -> Collection | None:
    """The innermost collection that ends before a comment and begins no further in than it, but further than `below`.

    `below` is the column of the collection that goes on behind the comment.
    """
    first = index
    while first and marks[first - 1].what == "ended":
        first -= 1
    ended = (mark.collection for mark in marks[first:index] if comment.is_own_line)
    return next((one for one in ended if one is not None and below < one.column <= comment.column), None)
