"""Markdown that cannot be broken into: text, code and tables as GitHub Flavored Markdown reads them."""

from __future__ import annotations

import re

from mnistspec.markup import between_backticks, visible
from mnistspec.reports.tables import Column, Table

# What would format, link, or open a tag, a table cell or a formula; an underscore inside of a word does none of it.
_SPECIAL = re.compile(r"([\\`*\[\]<>|~&$]|(?<![^\W_])_|_(?![^\W_]))")
# What makes a list, a heading or a rule of a line that begins with it.
_LEADING = re.compile(r"^(\d*)([-+#=.)])(?=[-+#=]*(?:\s|$))")
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")


def prose(text: str) -> str:
    """A paragraph on one line, each character standing for itself."""
    return _LEADING.sub(r"\1\\\2", _plain(text))


def sentence(text: str) -> str:
    """Prose in which what stands between backticks is code."""
    parts = between_backticks(_on_one_line(text))
    return "".join(code(part) if place % 2 else _escaped(part) for place, part in enumerate(parts))


def bold(text: str) -> str:
    return f"**{_plain(text)}**"


def code(text: str) -> str:
    """A code span, fenced by more backticks than the text has in a row."""
    inside = _on_one_line(text)
    fence = "`" * (_longest_run(inside) + 1)
    pad = " " if inside.startswith("`") or inside.endswith("`") else ""
    return f"{fence}{pad}{inside}{pad}{fence}"


def fenced(text: str, language: str) -> str:
    """A code block, fenced by more backticks than the text has in a row."""
    fence = "`" * max(3, _longest_run(text) + 1)
    lines = "\n".join(map(visible, text.rstrip().splitlines()))
    return f"{fence}{language}\n{lines}\n{fence}"


def table(shown: Table) -> str:
    """The caption and the table; columns are as wide as their cells, so that the source reads well too."""
    rows = [tuple(_plain(column.title) for column in shown.columns)]
    rows += [_cells(shown.columns, row) for row in shown.rows]
    rows += [_cells((Column(""), *shown.columns[1:]), row) for row in shown.totals]
    widths = [max(len(row[place]) for row in rows) for place in range(len(shown.columns))]
    rule = tuple(_rule(column, width) for column, width in zip(shown.columns, widths, strict=True))
    lines = (_line(shown.columns, row, widths) for row in (rows[0], rule, *rows[1:]))
    caption = f"{bold(shown.caption)}\n\n" if shown.caption else ""
    return caption + "\n".join(lines)


def _cells(columns: tuple[Column, ...], row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_cell(column, cell) for column, cell in zip(columns, row, strict=True))


def _cell(column: Column, cell: str) -> str:
    # A pipe ends a cell even inside a code span, unless a backslash stands before it.
    if column.kind == "code" and cell.strip():
        return code(cell).replace("|", "\\|")
    return _UNESCAPED_PIPE.sub(r"\\|", sentence(cell)) if column.kind == "prose" else _plain(cell)


def _rule(column: Column, width: int) -> str:
    return "-" * max(width - 1, 2) + ":" if column.kind == "number" else "-" * max(width, 3)


def _line(columns: tuple[Column, ...], cells: tuple[str, ...], widths: list[int]) -> str:
    padded = (
        cell.rjust(width) if column.kind == "number" else cell.ljust(width)
        for column, cell, width in zip(columns, cells, widths, strict=True)
    )
    return f"| {' | '.join(padded)} |"


def _plain(text: str) -> str:
    return _escaped(_on_one_line(text))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _on_one_line(text: str) -> str:
    return " ".join(visible(text).split())


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
