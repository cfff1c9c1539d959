"""Findings to show: a place is named by the text that stands there."""

from __future__ import annotations

from pathlib import Path

from mnistspec.diagnostics import Diagnostic
from mnistspec.formats import Checked, Findings
from mnistspec.source import Source, Span

TEXT = "mnistspec: 1\nmodel:\n  layers:\n    - Dense: {unit: 512}\n    - Dense: {unit: 512}\n"


def stretch(piece: str, text: str = TEXT, name: str = "specs/a.yaml") -> Span:
    """Where `piece` first stands in a file."""
    start = text.index(piece)
    return Span(Source(text, name, Path(name)), start, start + len(piece))


def finding(piece: str = "unit", text: str = TEXT, name: str = "specs/a.yaml", code: str = "E206") -> Diagnostic:
    return Diagnostic(code, f"`Dense` has no argument `{piece}`", stretch(piece, text, name), "did you mean `units`?")


def findings(*diagnostics: Diagnostic, path: str = "specs/a.yaml", strict: bool = False) -> Findings:
    return Findings((Checked(path, diagnostics),), strict=strict)
