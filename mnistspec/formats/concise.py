"""Findings in a line each, as compilers print them and editors and `grep` read them."""

from __future__ import annotations

from mnistspec.diagnostics import Diagnostic
from mnistspec.formats.findings import Findings
from mnistspec.formats.text import painted_head
from mnistspec.formats.untrusted import one_line


def render(findings: Findings, *, colour: bool = False) -> str:
    """A line a finding; no line when all is in order."""
    return "\n".join(line_of(diagnostic, colour=colour) for diagnostic in findings.diagnostics)


def line_of(diagnostic: Diagnostic, *, colour: bool = False) -> str:
    """`path:line:column: severity[code]: message (help)`."""
    place = f"{diagnostic.span}: " if diagnostic.span is not None else ""
    help = f" ({diagnostic.help})" if diagnostic.help else ""
    return f"{one_line(place)}{painted_head(diagnostic, colour)}: {one_line(diagnostic.message + help)}"
