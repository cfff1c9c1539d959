"""Findings as a test report in JUnit's XML: a suite a file, a case a finding, a passing case for a clean file.

A finding that does not fail the command, as a warning without `--strict`, is a skipped case: seen, and no failure.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mnistspec.diagnostics import Diagnostic
from mnistspec.formats.findings import Checked, Findings, Unread
from mnistspec.formats.places import repository_path
from mnistspec.formats.text import as_text

# What XML 1.0 cannot hold, not even escaped: https://www.w3.org/TR/xml/#charsets
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(findings: Findings) -> str:
    """The report as one document in UTF-8."""
    root = Element("testsuites", name="mnistspec")
    for spec in findings.checked:
        _add_suite(root, spec, findings)
    for unread in findings.unread:
        _add_unread(root, unread)
    _count(root)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _add_suite(root: Element, spec: Checked, findings: Findings) -> None:
    path = repository_path(spec.path)
    suite = _add(root, "testsuite", name=path)
    for found in spec.diagnostics:
        _add_case(suite, spec, found, failing=findings.fails(found))
    if not spec.diagnostics:
        _add(suite, "testcase", name="in order", classname=path, file=path)
    _count(suite)


def _add_case(suite: Element, spec: Checked, found: Diagnostic, *, failing: bool) -> None:
    name, span = spec.place(found)
    path = repository_path(name)
    place, line = (f" at {span.line}:{span.column}", {"line": str(span.line)}) if span is not None else ("", {})
    case = _add(suite, "testcase", name=f"{found.code} {found.name}{place}", classname=path, file=path, **line)
    if failing:
        outcome = _add(case, "failure", message=found.message, type=f"{found.severity.value} {found.code}")
    else:
        outcome = _add(case, "skipped", message=f"{found.severity.value}: {found.message}")
    outcome.text = _clean(as_text([found]))


def _add_unread(root: Element, unread: Unread) -> None:
    suite = _add(root, "testsuite", name=repository_path(unread.path))
    case = _add(suite, "testcase", name="can be read", classname=repository_path(unread.path))
    _add(case, "error", message=unread.reason, type="unread")
    _count(suite)


def _count(element: Element) -> None:
    """Sets how many cases there are below, and how each kind of them ended."""
    counted = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for name, tag in counted.items():
        element.set(name, str(sum(1 for _ in element.iter(tag))))


def _add(parent: Element, tag: str, **attributes: str) -> Element:
    return SubElement(parent, tag, {name: _clean(value) for name, value in attributes.items()})


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
