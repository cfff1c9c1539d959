"""Findings as SARIF 2.1.0, which code scanning and editors read.

The form: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from mnistspec.diagnostics import CODES, Diagnostic, Fix, Related, Severity
from mnistspec.formats.findings import Findings, Unread
from mnistspec.formats.fingerprints import Placed, placed
from mnistspec.formats.json import dumped
from mnistspec.formats.places import repository_path
from mnistspec.formats.untrusted import encodable
from mnistspec.source import Span
from mnistspec.version import __version__

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"


def render(findings: Findings) -> str:
    """One log with one run: every checked file, every finding, and a rule for each code among them."""
    rules = sorted({diagnostic.code for diagnostic in findings.diagnostics})
    run = {
        "tool": {"driver": {"name": "mnistspec", "semanticVersion": __version__, "rules": [*map(_rule, rules)]}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": _text("the root of the repository")}},
        "artifacts": [
            {"location": _location(repository_path(spec.path)), "roles": ["analysisTarget"]}
            for spec in findings.checked
        ],
        "invocations": [_invocation(findings)],
        "results": [_result(found, rules.index(found.diagnostic.code)) for found in placed(findings)],
    }
    return dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: str) -> dict[str, Any]:
    name, summary = CODES[code]
    level = Diagnostic(code, "").severity
    return {
        "id": code,
        "name": name,
        "shortDescription": _text(summary),
        "help": _help(code, name, level),
        "defaultConfiguration": {"level": level.value},
    }


def _help(code: str, name: str, severity: Severity) -> dict[str, str]:
    """Where to read on, and how to silence what is not an error."""
    more = f"`mnistspec explain {code}` says why, with a spec that has it and one that has not."
    if severity is not Severity.ERROR:
        more += f" Where it is meant so, `# mnistspec: ignore[{name}]` on the line, or `ignore: [{name}]` in the spec."
    return {"text": more.replace("`", ""), "markdown": more}


def _invocation(findings: Findings) -> dict[str, Any]:
    return {
        "executionSuccessful": not findings.unread,
        "exitCode": findings.exit_code,
        "toolExecutionNotifications": [*map(_notification, findings.unread)],
    }


def _notification(unread: Unread) -> dict[str, Any]:
    return {"level": "error", "message": _text(unread.reason)}


def _result(found: Placed, rule: int) -> dict[str, Any]:
    diagnostic = found.diagnostic
    message = diagnostic.message + (f"\n{diagnostic.help}" if diagnostic.help else "")
    result = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity.value,
        "message": _text(message),
        "locations": [{"physicalLocation": _physical(found.path, found.span)}],
        "partialFingerprints": {"finding/v1": found.fingerprint},
    }
    if diagnostic.related:
        result["relatedLocations"] = [_related(index, place) for index, place in enumerate(diagnostic.related)]
    if diagnostic.fix is not None:
        result["fixes"] = [_fix(diagnostic.fix, diagnostic.help or diagnostic.message)]
    return result


def _physical(path: str, span: Span | None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _location(path)}
    if span is not None:
        place["region"] = _region(span)
    return place


def _region(span: Span) -> dict[str, int]:
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _location(path: str) -> dict[str, str]:
    """A relative, percent-encoded URI; an absolute one for a file outside of the repository."""
    uri = quote(encodable(path), safe="/")
    if PurePath(path).is_absolute():
        return {"uri": "file://" + (uri if uri.startswith("/") else f"/{uri}")}
    return {"uri": uri, "uriBaseId": _ROOT}


def _related(index: int, related: Related) -> dict[str, Any]:
    path = repository_path(related.span.source.name)
    return {"id": index, "physicalLocation": _physical(path, related.span), "message": _text(related.message)}


def _fix(fix: Fix, description: str) -> dict[str, Any]:
    replacement = {"deletedRegion": _region(fix.span), "insertedContent": {"text": fix.text}}
    change = {"artifactLocation": _location(repository_path(fix.span.source.name)), "replacements": [replacement]}
    return {"description": _text(description), "artifactChanges": [change]}


def _text(text: str) -> dict[str, str]:
    """A message. A space keeps `[words](place)` of a spec from being read as a link."""
    return {"text": text.replace("](", "] (")}
