"""Diagnostics for people: place, excerpt with a caret, related places, and the way out."""

from __future__ import annotations

from collections.abc import Sequence

from mnistspec.diagnostics import Diagnostic, Severity
from mnistspec.source import Span

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
# The longest line shown whole, in characters; of a longer one the part around the caret is.
_WIDTH = 160


def as_text(diagnostics: Sequence[Diagnostic], *, colour: bool = False) -> str:
    """Every diagnostic in turn, a blank line between; then how many there were."""
    blocks = [_block(diagnostic, colour) for diagnostic in diagnostics]
    return "\n\n".join(blocks)


def count_line(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`; empty when there is nothing to count."""
    parts: list[str] = []
    for severity in Severity:
        count = sum(diagnostic.severity is severity for diagnostic in diagnostics)
        if count:
            parts.append(f"{count} {severity.value}{'s' if count > 1 else ''}")
    return ", ".join(parts)


def _block(diagnostic: Diagnostic, colour: bool) -> str:
    paint = _COLOURS[diagnostic.severity]
    head = _painted(f"{diagnostic.severity.value}[{diagnostic.code}]", f"1;{paint}", colour)
    lines = [f"{head}: {_painted(_one_line(diagnostic.message), '1', colour)}"]
    margin = _margin(diagnostic)
    if diagnostic.span is not None:
        lines += _excerpt(diagnostic.span, "-->", margin, paint, colour)
    for related in diagnostic.related:
        lines.append(f"{margin} = {_one_line(related.message)}:")
        lines += _excerpt(related.span, "-->", margin, "36", colour)
    if diagnostic.help:
        lines.append(f"{margin} {_painted('help', '1;32', colour)}: {_one_line(diagnostic.help)}")
    return "\n".join(lines)


def _margin(diagnostic: Diagnostic) -> str:
    spans = [diagnostic.span, *(related.span for related in diagnostic.related)]
    return " " * max((len(str(span.line)) for span in spans if span is not None), default=1)


def _excerpt(span: Span, arrow: str, margin: str, paint: str, colour: bool) -> list[str]:
    text, carets = span.excerpt(_WIDTH)
    number = f"{span.line:>{len(margin)}}"
    bar = _painted("|", "34", colour)
    return [
        f"{margin}{_painted(arrow, '34', colour)} {_one_line(str(span))}",
        f"{margin} {bar}",
        f"{_painted(number, '34', colour)} {bar} {_one_line(text)}",
        f"{margin} {bar} {_painted(carets, paint, colour)}",
    ]


def _one_line(text: str) -> str:
    """Untrusted text without line breaks and other control characters, which could forge or hide output."""
    return "".join(character if character.isprintable() or character == "\t" else " " for character in text)


def _painted(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
