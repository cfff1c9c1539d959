"""Findings as a code quality report of GitLab.

The form: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from typing import Any

from mnistspec.diagnostics import Severity
from mnistspec.formats.findings import Findings
from mnistspec.formats.fingerprints import Placed, placed
from mnistspec.formats.json import dumped

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(findings: Findings) -> str:
    """One array; a finding without a line is shown on the first."""
    return dumped([_entry(found) for found in placed(findings)])


def _entry(found: Placed) -> dict[str, Any]:
    diagnostic = found.diagnostic
    begin, end = (found.span.line, found.span.end_line) if found.span is not None else (1, 1)
    return {
        "description": diagnostic.message + (f" ({diagnostic.help})" if diagnostic.help else ""),
        "check_name": f"{diagnostic.code} {diagnostic.name}",
        "fingerprint": found.fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {"path": found.path, "lines": {"begin": begin, "end": end}},
    }
