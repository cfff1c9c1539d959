"""Diagnostics for people: place, excerpt with a caret, related places, and the way out."""

from __future__ import annotations

from collections.abc import Sequence

from mnistspec.diagnostics import Diagnostic, Severity
from mnistspec.formats.findings import Findings
from mnistspec.formats.untrusted import one_line
from mnistspec.source import Span

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
# The longest line shown whole, in characters; of a longer one the part around the caret is.
_WIDTH = 160
# How many codes the last line proposes to read on about.
_NAMED = 3


def render(findings: Findings, *, colour: bool = False) -> str:
    """The findings, and a last line that says how many there were in how many specs; nothing for no specs."""
    found = findings.diagnostics
    if not findings.checked:
        return ""
    last = f"{summary(findings)}{_more(found)}"
    return f"{as_text(found, colour=colour)}\n\n{last}" if found else last


def _more(found: Sequence[Diagnostic]) -> str:
    """Where to read on about the codes found, errors first."""
    gravest = sorted(found, key=lambda diagnostic: list(Severity).index(diagnostic.severity))
    codes = list(dict.fromkeys(diagnostic.code for diagnostic in gravest))[:_NAMED]
    return f"; more: mnistspec explain {' '.join(codes)}" if codes else ""


def summary(findings: Findings) -> str:
    """`3 specs checked: 1 error`."""
    count = len(findings.checked)
    what = "1 spec" if count == 1 else f"{count} specs"
    found = f": {count_line(findings.diagnostics) or 'all in order'}" if count else ""
    unread = f"; {len(findings.unread)} could not be read" if findings.unread else ""
    return f"{what} checked{found}{unread}"


def as_text(diagnostics: Sequence[Diagnostic], *, colour: bool = False) -> str:
    """Every diagnostic in turn, a blank line between."""
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
    lines = [f"{painted_head(diagnostic, colour)}: {_painted(one_line(diagnostic.message), '1', colour)}"]
    margin = _margin(diagnostic)
    if diagnostic.span is not None:
        lines += _excerpt(diagnostic.span, "-->", margin, paint, colour)
    for related in diagnostic.related:
        lines.append(f"{margin} = {one_line(related.message)}:")
        lines += _excerpt(related.span, "-->", margin, "36", colour)
    if diagnostic.help:
        lines.append(f"{margin} {_painted('help', '1;32', colour)}: {one_line(diagnostic.help)}")
    return "\n".join(lines)


def painted_head(diagnostic: Diagnostic, colour: bool) -> str:
    """`error[E206]`, in the colour of its severity."""
    head = f"{diagnostic.severity.value}[{diagnostic.code}]"
    return _painted(head, f"1;{_COLOURS[diagnostic.severity]}", colour)


def _margin(diagnostic: Diagnostic) -> str:
    spans = [diagnostic.span, *(related.span for related in diagnostic.related)]
    return " " * max((len(str(span.line)) for span in spans if span is not None), default=1)


def _excerpt(span: Span, arrow: str, margin: str, paint: str, colour: bool) -> list[str]:
    text, carets = span.excerpt(_WIDTH)
    number = f"{span.line:>{len(margin)}}"
    bar = _painted("|", "34", colour)
    return [
        f"{margin}{_painted(arrow, '34', colour)} {one_line(str(span))}",
        f"{margin} {bar}",
        f"{_painted(number, '34', colour)} {bar} {one_line(text)}",
        f"{margin} {bar} {_painted(carets, paint, colour)}",
    ]


def _painted(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
