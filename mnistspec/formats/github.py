"""Findings as annotations of GitHub Actions: commands in the log that it shows beside the lines of a change.

The commands: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.diagnostics import Diagnostic, Severity
from mnistspec.formats.concise import line_of
from mnistspec.formats.findings import Checked, Findings, Unread
from mnistspec.formats.places import repository_path
from mnistspec.formats.text import summary
from mnistspec.formats.untrusted import encodable, one_line
from mnistspec.frozen import dataclass
from mnistspec.source import Span

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
# As many annotations of one severity does GitHub show of a step; the others it drops in silence.
_SHOWN = 10


@dataclass(frozen=True)
class _Annotation:
    """A command, and the same as a plain line of the log for when there are too many."""

    severity: Severity
    command: str
    line: str


def render(findings: Findings) -> str:
    """Errors first; past what GitHub shows, "+N more" and plain lines; then how many there were."""
    annotations = [*map(_of_unread, findings.unread)]
    annotations += [_of_finding(spec, found) for spec in findings.checked for found in spec.diagnostics]
    lines = [line for severity in Severity for line in _lines(severity, annotations)]
    return encodable("\n".join([*lines, summary(findings)]))


def _lines(severity: Severity, annotations: list[_Annotation]) -> Iterator[str]:
    of_it = [annotation for annotation in annotations if annotation.severity is severity]
    shown = of_it if len(of_it) <= _SHOWN else of_it[: _SHOWN - 1]
    yield from (annotation.command for annotation in shown)
    rest = of_it[len(shown) :]
    if rest:
        more = f"+{len(rest)} more, in the log of this step"
        yield _command(severity, {"title": "mnistspec"}, more)
        yield from (_plain(annotation.line) for annotation in rest)


def _of_unread(unread: Unread) -> _Annotation:
    command = _command(Severity.ERROR, {"title": "mnistspec"}, one_line(unread.reason))
    return _Annotation(Severity.ERROR, command, f"error: {unread.reason}")


def _of_finding(spec: Checked, found: Diagnostic) -> _Annotation:
    path, span = spec.place(found)
    properties = {"title": f"{found.code} {found.name}", "file": repository_path(path), **_region(span)}
    message = one_line(found.message) + (f"\n{one_line(found.help)}" if found.help else "")
    return _Annotation(found.severity, _command(found.severity, properties, message), line_of(found))


def _region(span: Span | None) -> dict[str, str]:
    """Lines and columns from 1. GitHub knows columns on one line only."""
    if span is None:
        return {}
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    if line != end_line:
        return {"line": str(line), "endLine": str(end_line)}
    return {"line": str(line), "col": str(column), "endLine": str(line), "endColumn": str(end_column)}


def _command(severity: Severity, properties: dict[str, str], message: str) -> str:
    given = ",".join(f"{name}={_escaped_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[severity]} {given}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return one_line(text, kept="\t\r\n").replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _plain(line: str) -> str:
    """A line that is no command: one begins with `::`, an old form has `##[` anywhere."""
    return f"- {one_line(line).replace('##[', '## [')}"
