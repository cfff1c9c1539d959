"""A quote that nothing closes on its line: the parser reads on to the next quote, and complains behind that."""

from __future__ import annotations

import re

from mnistspec.diagnostics import Diagnostic, Fix
from mnistspec.source import Source, Span

# A quote with which a value begins, to the end of its line: what is quoted, or all that follows.
_OPENING = re.compile(
    r"""(?:^[ ]*(?:-[ ]+)*|[:,\[{-][ ]+|[\[{])(?P<text>"(?:\\.|[^"\\])*|'(?:''|[^'])*)(?P<end>["']?)"""
)
# A line that is meant as the next key or item.
_NEXT = re.compile(r"[ ]*(?:- *[\w{\[]|[\w.]+:(?: |$))")
# No line that is looked at is longer (characters).
_LONGEST = 400
# So many lines before the one where the parser stopped are looked at.
_FAR = 10_000


def left_open(source: Source, number: int) -> Diagnostic | None:
    """The quote that was left open on a line before `number`, where the parser stopped; None where there is none.

    Texts over several lines are right where they are closed: only the one that ends where the parser stopped is meant,
    and only if the line below looks like the next key or item.
    """
    for line in range(number, max(0, number - _FAR), -1):
        found = _unclosed(source.line(line))
        if found is not None:
            return _told(source, line, found) if _runs_on(source, line, number, found["text"][0]) else None
    return None


def _runs_on(source: Source, line: int, number: int, quote: str) -> bool:
    between = source.text[source.line_bounds(line)[1] : max(source.line_bounds(number)[0], source.line_bounds(line)[1])]
    below = next((text for text in map(source.line, range(line + 1, number + 1)) if text.strip()), "")
    return quote not in between and _NEXT.match(below) is not None


def _unclosed(line: str) -> re.Match[str] | None:
    if len(line) > _LONGEST or not ('"' in line or "'" in line):
        return None
    return next((found for found in _OPENING.finditer(line) if found.end() == len(line) and not found["end"]), None)


def _told(source: Source, number: int, found: re.Match[str]) -> Diagnostic:
    start = source.line_starts[number - 1] + found.start("text")
    end = start + len(_meant(found["text"]))
    quote, whole = found["text"][0], Span(source, start, end)
    fix = Fix(Span(source, end, end), quote, certain=False)
    return Diagnostic("E101", "a quote that is not closed on its line", whole, f"write `{whole.text}{quote}`", fix=fix)


def _meant(text: str) -> str:
    """What is to stand in the quotes: the rest of the line up to what goes on in braces or brackets."""
    closing = re.search(r"[ ]*[,}\]]", text)
    return text[: closing.start()] if closing is not None else text.rstrip()
