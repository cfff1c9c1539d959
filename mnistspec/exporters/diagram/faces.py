"""What stands in a box of the SVG: rows of text, and how much room they take."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from mnistspec.exporters.diagram.layout.geometry import Size
from mnistspec.exporters.diagram.parts import Box
from mnistspec.frozen import dataclass

LETTER = 6.65  # pixels that a letter of a row takes, in a font whose letters are all of one width
TITLE = 7.9  # the same in the bold letters of a class
ROW = 16.0  # pixels from row to row
SIDE = 13.0  # pixels beside the text
FOOT = 9.0  # pixels above the first row and below the last
WIDEST = 38  # letters of a row of arguments
ROWS = 3  # rows of arguments
NARROWEST = 72.0  # pixels
LONGEST = 36  # letters of a name


@dataclass(frozen=True)
class Row:
    """A row with text at its left and at its right; the first row of a box has the class at its left."""

    left: str
    right: str = ""
    titled: bool = False

    @property
    def width(self) -> float:
        gap = 2 * LETTER if self.left and self.right else 0
        return cells(self.left) * (TITLE if self.titled else LETTER) + gap + cells(self.right) * LETTER


@dataclass(frozen=True)
class Face:
    rows: tuple[Row, ...]
    size: Size


def face(box: Box) -> Face:
    """Class and name, the arguments, shape and parameters; what is too long ends in an ellipsis."""
    rows = [Row(cut(box.layer, LONGEST), cut(box.name, LONGEST), titled=True)]
    rows += [Row(row) for row in _wrapped(box.arguments)]
    if box.shape or box.parameters:
        rows.append(Row(cut(box.shape, LONGEST + 12), box.parameters))
    width = max(row.width for row in rows) + 2 * SIDE
    return Face(tuple(rows), Size(max(width, NARROWEST), ROW * len(rows) + 2 * FOOT))


def label_face(label: str) -> Face:
    """The text on a line."""
    row = Row(cut(label, LONGEST + 12))
    return Face((row,), Size(row.width + 8, ROW + 2))


def _wrapped(arguments: Sequence[str]) -> Iterator[str]:
    """The arguments in rows of some letters; the last row says when there are more."""
    rows: list[str] = []
    for word in arguments:
        if rows and cells(rows[-1]) + 2 + cells(word) <= WIDEST:
            rows[-1] = f"{rows[-1]}, {word}"
        else:
            rows.append(word)
    shown = [cut(row, WIDEST) for row in rows[:ROWS]]
    if len(rows) > ROWS:
        shown[-1] = f"{cut(shown[-1], WIDEST - 3)}, …"
    yield from shown


def cut(text: str, most: int) -> str:
    """The text, or as much of it as fits into so many cells with an ellipsis."""
    if len(text) <= most and cells(text) <= most:
        return text
    kept, room = 0, most - 1
    while room >= 0 and kept < len(text):
        room -= _cells_of(text[kept])
        kept += 1
    return text[: kept - 1].rstrip() + "…"


def cells(text: str) -> int:
    """How many letters' width a text takes: some scripts' signs take two, signs over others none."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def _cells_of(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
