"""Warnings that a spec does not want: by name in `ignore`, or in a comment on the line they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mnistspec.diagnostics import Diagnostic, Severity

_COMMENT = re.compile(r"#\s*mnistspec:\s*ignore\[([\w\s,-]+)\]")


def without_ignored(diagnostics: Iterable[Diagnostic], names: Iterable[str]) -> tuple[Diagnostic, ...]:
    """The diagnostics that are wanted. Errors always are."""
    unwanted = frozenset(names)
    return tuple(d for d in diagnostics if d.severity is Severity.ERROR or d.name not in unwanted | _on_line(d))


def _on_line(diagnostic: Diagnostic) -> frozenset[str]:
    if diagnostic.span is None:
        return frozenset()
    found = _COMMENT.search(diagnostic.span.source.line(diagnostic.span.line))
    return frozenset(name.strip() for name in found.group(1).split(",")) if found else frozenset()
