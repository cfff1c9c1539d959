"""Diagnostics as one JSON array, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from mnistspec.diagnostics import Diagnostic, Related
from mnistspec.formats.findings import Findings
from mnistspec.formats.untrusted import encodable


def render(findings: Findings) -> str:
    """One array of objects, those of all specs."""
    return as_json(findings.diagnostics)


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """One array of objects; lines and columns count from 1, and are null where no place is known."""
    return dumped([as_data(diagnostic) for diagnostic in diagnostics])


def dumped(data: Any) -> str:
    """Plain data as JSON in UTF-8, indented."""
    return encodable(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


def as_data(diagnostic: Diagnostic) -> dict[str, Any]:
    """One diagnostic as plain data."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "path": diagnostic.path,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "end_line": diagnostic.end_line,
        "end_column": diagnostic.end_column,
        "help": diagnostic.help,
        "related": [_related(related) for related in diagnostic.related],
    }


def _related(related: Related) -> dict[str, Any]:
    span = related.span
    return {"message": related.message, "path": span.source.name, "line": span.line, "column": span.column}
