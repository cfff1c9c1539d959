"""A table before it is HTML or Markdown: both reports print the same rows."""

from __future__ import annotations

from typing import Literal

from mnistspec.frozen import dataclass

Kind = Literal["text", "prose", "code", "number"]


@dataclass(frozen=True)
class Column:
    """A heading and what stands under it: plain text, an identifier, or numbers (aligned by their digits).

    Prose is text in which a word between backticks is an identifier.
    """

    title: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Table:
    """Rows under columns, with a caption that says what they are; `totals` stand below a line.

    The headings of `paired` tables, of names and values, say nothing to those who see the table.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, ...], ...] = ()
    paired: bool = False


def pairs(caption: str, heading: str, rows: tuple[tuple[str, str], ...], kind: Kind = "text") -> Table:
    """A table of names and values; values that are empty are left out."""
    shown = tuple(row for row in rows if row[1])
    return Table(caption, (Column(heading), Column("value", kind)), shown, paired=True)
