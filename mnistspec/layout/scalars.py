"""Scalars as they are written: where a block of text ends, and how one of several lines moves with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LINE_END = re.compile("\r\n?|\n")
_HEADER = re.compile(r"([|>])([-+0-9]*)[ \t]*(#.*)?")
# What in a plain scalar ends it, or may, once it stands in brackets.
_NOT_IN_FLOW = re.compile(r"[,\[\]{}?]|:$|^:|^-$")


def lines_of(text: str) -> list[str]:
    return _LINE_END.split(text)


def block_end(text: str, start: int, indent: int) -> int:
    """Where a block scalar ends that begins at `start`; `indent` is the column of the collection it stands in."""
    position = _line_end(text, start)
    inner = _explicit(text[start:position], indent)
    end = position
    while position < len(text):
        line_start = _next_line(text, position)
        position = _line_end(text, line_start)
        line = text[line_start:position]
        if line.strip(" "):
            column = len(line) - len(line.lstrip(" "))
            inner = max(column, indent + 1) if inner is None else inner
            if column < inner:
                break
        end = position
    return end


def _line_end(text: str, position: int) -> int:
    found = _LINE_END.search(text, position)
    return found.start() if found is not None else len(text)


def _next_line(text: str, end: int) -> int:
    found = _LINE_END.match(text, end)
    return found.end() if found is not None else end


def _explicit(header: str, indent: int) -> int | None:
    """The column at which the content begins, where the header says it."""
    digit = re.match(r"[|>][-+]?([1-9])", header)
    return None if digit is None else max(indent, 0) + int(digit.group(1))


def moved_block(text: str, indent: int, column: int) -> list[str]:
    """The lines of a block scalar from a collection at `indent` into one at `column`, the header first."""
    header, *content = lines_of(text)
    found = _HEADER.match(header)
    assert found is not None, "a block scalar begins with its header"
    style, indicators, comment = found.groups()
    old = _explicit(header, indent)
    if old is None:
        old = next((len(line) - len(line.lstrip(" ")) for line in content if line.strip(" ")), 0)
    if "+" not in indicators:
        content = _without_blank_end(content)
    new = " " * (column + 2)
    head = style + re.sub("[1-9]", "2", indicators) + (f"  {comment.rstrip()}" if comment else "")
    return [head, *(new + line[old:] if line[old:] else "" for line in content)]


def _without_blank_end(lines: Sequence[str]) -> list[str]:
    count = len(lines)
    while count and not lines[count - 1].strip(" "):
        count -= 1
    return list(lines[:count])


def moved_lines(text: str, column: int) -> list[str]:
    """The lines of a plain or quoted scalar of several lines, in a collection at `column`."""
    first, *rest = lines_of(text)
    return [
        _bare_end(first),
        *(" " * (column + 2) + _bare_end(line.lstrip(" \t")) if line.strip() else "" for line in rest),
    ]


def _bare_end(line: str) -> str:
    """Without the blanks at the end, which mean nothing but behind a backslash."""
    bare = line.rstrip(" \t")
    return line if bare.endswith("\\") else bare


def may_stand_in_flow(text: str, style: str | None) -> bool:
    """Whether a scalar or alias of one line can stand in brackets as it is."""
    if not text or style in ("|", ">") or "\n" in text or "\r" in text:
        return False
    return bool(style) or _NOT_IN_FLOW.search(text) is None
