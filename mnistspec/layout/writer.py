"""The one layout: a map or list in brackets where it fits in its line, an entry a line where it does not.

Sections, blocks and lists of layers always have a line an entry; so has what holds a comment, or text of several lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mnistspec.ignoring import is_ignoring
from mnistspec.layout.comments import Beside, Comment, Comments, is_blank_above
from mnistspec.layout.scalars import may_stand_in_flow, moved_block, moved_lines
from mnistspec.layout.tree import Collection, Item, Leaf, Written
from mnistspec.source import Source

# The longest line (characters) that is made of several values; its comment not counted.
WIDTH = 120
# No line is longer (characters) for the sake of a comment that is about it.
_WIDEST = 1000


def written(source: Source, root: Collection, comments: Comments) -> str:
    """The whole text in the one layout, its lines ended by `\\n`."""
    writer = _Writer(source, comments)
    writer.block(root, 0, "")
    return "".join(f"{line}\n" for line in writer.lines)


@dataclass
class _Writer:
    """The text under way; `brackets` holds the collections in brackets, None for those that do not go there."""

    source: Source
    comments: Comments
    lines: list[str] = field(default_factory=list)
    brackets: dict[int, str | None] = field(default_factory=dict)
    # Whether the last line belongs to a text that keeps the blank lines behind it.
    keeps_blanks: bool = False

    def put(self, line: str, beside: Beside | None = None) -> None:
        """A line and the comment at its end, at the author's column where that stands off from the text."""
        self.keeps_blanks = False
        if beside is None:
            self.lines.append(line)
            return
        first, *others = beside.lines
        nearest = len(line) + 2
        column = nearest if first.gap <= 2 else max(first.column, nearest)
        self.lines.append(line.ljust(column) + first.text)
        self.lines += [" " * column + other.text for other in others]

    def blank(self) -> None:
        if self.lines and self.lines[-1] and not self.keeps_blanks:
            self.lines.append("")

    def remarks(self, comments: Iterable[Comment], column: int, *, is_first: bool = False) -> None:
        """Comments on lines of their own; above the first of a collection there is no blank line."""
        for comment in comments:
            if comment.is_blank_above and comment.is_own_line and not is_first:
                self.blank()
            self.put(" " * column + comment.text)
            is_first = False

    def block(self, collection: Collection, column: int, lead: str | None = None) -> None:
        """A collection with an entry a line; `lead` is what stands before the first entry in its line."""
        for position, item in enumerate(collection.items):
            before = lead if position == 0 and lead is not None else " " * column
            self.item(item, column, before, is_first=position == 0)
        self.remarks(self.comments.foot.get(collection.number, ()), column)

    def item(self, item: Item, column: int, before: str, *, is_first: bool, beside: Sequence[Beside] = ()) -> None:
        """One entry or item behind what stands `before` it; `beside` are comments of the item around it."""
        indentation = len(before) - len(before.lstrip(" "))
        above = self.comments.above.get(item.number, [])
        self.remarks(above, indentation, is_first=is_first)
        if (above or not is_first) and is_blank_above(self.source, self.source.position(item.start)[0]):
            self.blank()
        beside = [*beside, *self.comments.beside.get(item.number, ())]
        value = item.value
        if isinstance(value, Leaf):
            head = f"{before}{_head(item)}{value.properties}{' ' * bool(value.properties)}"
            self.leaf(value, column, head, beside, indentation)
        elif self.is_short(item, value, before, beside):
            self.remarks(self.comments.foot.get(value.number, ()), indentation, is_first=True)
            self.put(before + _head(item) + str(self.in_brackets(value)), self.last(beside, indentation))
        elif item.key is not None or value.properties:
            self.put((before + _head(item) + value.properties).rstrip(), self.last(beside, indentation))
            self.block(value, column + 2)
        else:
            self.compact(value, column, before, beside, indentation)

    def compact(self, value: Collection, column: int, before: str, beside: Sequence[Beside], indentation: int) -> None:
        """A collection that is an item: its first entry in the line of the dash."""
        if len(value.items) == 1 and value.items[0].number not in self.comments.beside:
            self.item(value.items[0], column + 2, f"{before}- ", is_first=True, beside=beside)
            self.remarks(self.comments.foot.get(value.number, ()), column + 2)
            return
        self.hoist(beside, indentation)
        self.block(value, column + 2, f"{before}- ")

    def last(self, beside: Sequence[Beside], indentation: int) -> Beside | None:
        """The last of several comments at the end of a line; those before go above the line."""
        self.hoist(beside[:-1], indentation)
        return beside[-1] if beside else None

    def hoist(self, beside: Sequence[Beside], indentation: int) -> None:
        for one in beside:
            self.remarks(one.lines, indentation, is_first=True)

    def leaf(self, leaf: Leaf, column: int, head: str, beside: Sequence[Beside], indentation: int) -> None:
        if leaf.style in ("|", ">"):
            self.hoist(beside, indentation)
            first, *content = moved_block(leaf.text, leaf.indent, column)
            self.lines += [head + first, *content]
            self.keeps_blanks = "+" in first.partition("#")[0]
            return
        behind_key = [one for one in beside if one.is_behind_key]
        lines = moved_lines(leaf.text, column)
        if len(lines) > 1:
            self.hoist(behind_key, indentation)
            beside = [one for one in beside if not one.is_behind_key]
        last = self.last(beside, indentation)
        *others, end = [(head + lines[0]).rstrip() if not lines[0] else head + lines[0], *lines[1:]]
        self.lines += others
        self.put(end, last)

    def is_short(self, item: Item, value: Collection, before: str, beside: Sequence[Beside]) -> bool:
        """Whether a collection stands in brackets in the line of its entry."""
        if not value.items:
            return True
        is_opened = item.key is not None and any(one.is_behind_key for one in beside)
        if is_opened or _is_object(item, value):
            return False
        text = self.in_brackets(value)
        if text is None:
            return False
        is_bound = any(is_ignoring(line.text) for one in beside for line in one.lines)
        return is_bound or len(before) + len(_head(item)) + len(text) <= WIDTH

    def in_brackets(self, value: Written) -> str | None:
        """A value in one line, or None where it cannot be."""
        if isinstance(value, Leaf):
            fits = may_stand_in_flow(value.text, value.style)
            return _with_properties(value) if fits else None
        if value.number not in self.brackets:
            self.brackets[value.number] = self.made_brackets(value)
        text = self.brackets[value.number]
        return text if text is None or not value.properties else f"{value.properties} {text}"

    def made_brackets(self, value: Collection) -> str | None:
        if not value.items:
            return "{}" if value.is_map else "[]"
        if value.is_open or self.comments.touch(value):
            return None
        parts: list[str] = []
        length = 0
        for item in value.items:
            text = self.in_brackets(item.value)
            if text is None or (item.key is not None and not may_stand_in_flow(item.key.text, item.key.style)):
                return None
            parts.append(f"{_with_properties(item.key)}: {text}" if item.key is not None else text)
            length += len(parts[-1]) + 2
            if length > _WIDEST:
                return None
        joined = ", ".join(parts)
        return f"{{{joined}}}" if value.is_map else f"[{joined}]"


def _head(item: Item) -> str:
    """What stands before a value in its line: the key, or the dash."""
    return "- " if item.key is None else f"{_with_properties(item.key)}: "


def _with_properties(leaf: Leaf) -> str:
    return f"{leaf.properties} {leaf.text}" if leaf.properties else leaf.text


def _is_object(item: Item, value: Collection) -> bool:
    """Whether an item of a list is a map of one key: `- Dense: {units: 10}`."""
    return item.key is None and value.is_map and len(value.items) == 1 and not value.properties
