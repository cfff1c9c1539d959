"""Plain aligned tables, the same on a terminal and in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mnistspec.frozen import dataclass


@dataclass(frozen=True)
class Column:
    title: str
    right: bool = False


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> str:
    """The rows under their titles, each column as wide as its widest cell."""
    cells = [[column.title for column in columns], *[list(row) for row in rows]]
    widths = [max(len(row[index]) for row in cells) for index in range(len(columns))]
    lines = [_line(columns, row, widths) for row in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _line(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.rjust(width) if column.right else cell.ljust(width)
        for column, cell, width in zip(columns, row, widths, strict=True)
    ]
    return "  ".join(padded).rstrip()


def layer_words(node: Mapping[str, Any]) -> str:
    """A node's class for a table; of a layer called again, also whose it is."""
    layer = node["layer"] or "?"
    return f"{layer} of {node['shares']}" if node.get("shares") else layer
