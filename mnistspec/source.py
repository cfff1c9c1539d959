"""A spec's text and places in it: `Source` is the text, `Span` a stretch of it that knows its line and column."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import field
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from mnistspec.frozen import dataclass

_LINE_END = re.compile("\r\n?|\n")


@dataclass(frozen=True)
class Source:
    """The text of one spec and the name it is shown under. Lines and columns count from 1."""

    text: str = field(repr=False)
    name: str = "<text>"
    path: Path | None = None

    @cached_property
    def line_starts(self) -> list[int]:
        """Offsets (characters) at which each line begins; `\\n`, `\\r\\n` and `\\r` end a line, as in YAML."""
        if "\r" in self.text:
            return [0, *map(re.Match.end, _LINE_END.finditer(self.text))]
        # Most texts know one end of a line alone, and are taken apart there twice as fast.
        starts = list(accumulate(map((1).__add__, map(len, self.text.split("\n"))), initial=0))
        del starts[-1]
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset (characters)."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of one line, without its end; empty past the last line."""
        if not 1 <= number <= len(self.line_starts):
            return ""
        return self.text[slice(*self.line_bounds(number))]

    def line_bounds(self, number: int) -> tuple[int, int]:
        """The offsets between which a line stands, its end left out."""
        starts = self.line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        while end > starts[number - 1] and self.text[end - 1] in "\r\n":
            end -= 1
        return starts[number - 1], end

    @property
    def folder(self) -> Path:
        """Where relative paths in the spec start: the spec's own folder, or the working directory for plain text."""
        return self.path.parent if self.path is not None else Path()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way to a place inside a block or a repeat: what happened there (`used here`), and where.

    `scope` is what names mean from there on, a `mnistspec.resolve.scopes.Scope`.
    """

    what: str
    span: Span
    scope: object = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch `start:end` (characters) of a source.

    `trail` tells, the nearest first, which uses of blocks and turns of repeats led there; the stretch is the same
    without it.
    """

    source: Source = field(repr=False)
    start: int
    end: int
    trail: tuple[Step, ...] = field(default=(), repr=False, compare=False)

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    @property
    def end_line(self) -> int:
        return self.source.position(self.end)[0]

    @property
    def end_column(self) -> int:
        return self.source.position(self.end)[1]

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def __str__(self) -> str:
        line, column = self.source.position(self.start)
        return f"{self.source.name}:{line}:{column}"

    def excerpt(self, width: int = 1_000_000) -> list[str]:
        """The first line of the span and a line of carets below it; of a long line `width` characters around these."""
        line, column = self.source.position(self.start)
        end_line, end_column = self.source.position(self.end)
        begins, ends = self.source.line_bounds(line)
        last = end_column - 1 if end_line == line else ends - begins
        length = ends - begins
        first = max(0, column - 1 - width // 3) if length > width else 0
        text = self.source.text[begins + first : min(ends, begins + first + width)]
        before, after = "..." * (first > 0), "..." * (first + width < length)
        lead = "".join("\t" if character == "\t" else " " for character in text[: column - 1 - first])
        carets = "^" * max(1, min(last, first + width) - (column - 1))
        return [f"{before}{text}{after}", " " * len(before) + lead + carets]
