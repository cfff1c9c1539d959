"""The code table, and findings in their order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mnistspec
from mnistspec.diagnostics import CODES, Diagnostic, MnistspecError, Severity, SpecInvalid, has_errors, in_order
from mnistspec.source import Source, Span

_SOURCE = Source("a: 1\nb: 2\n", "spec.yaml")


def test_codes_are_of_their_stage_and_names_are_told_apart() -> None:
    assert all(re.fullmatch(r"E[1234]\d\d|W5\d\d|I9\d\d", code) for code in CODES)
    names = [name for name, _ in CODES.values()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


def test_every_code_is_used_and_every_used_code_is_in_the_table() -> None:
    package = Path(mnistspec.__file__).parent
    text = "".join(path.read_text("utf-8") for path in package.rglob("*.py") if path.name != "diagnostics.py")
    assert set(re.findall(r'"([EWI]\d{3})"', text)) == set(CODES)


@pytest.mark.parametrize(
    ("code", "severity"), [("E101", Severity.ERROR), ("W505", Severity.WARNING), ("I901", Severity.NOTE)]
)
def test_the_code_says_how_much_a_finding_weighs(code: str, severity: Severity) -> None:
    found = Diagnostic(code, "")
    assert found.severity is severity
    assert has_errors([found]) is (severity is Severity.ERROR)


def test_findings_come_by_place_each_once_and_those_without_a_place_last() -> None:
    nowhere = Diagnostic("E415", "nowhere")
    later, first = Diagnostic("W505", "later", Span(_SOURCE, 5, 6)), Diagnostic("E203", "first", Span(_SOURCE, 0, 1))
    other_help = Diagnostic("E203", "first", Span(_SOURCE, 0, 1), "another help")
    assert in_order([nowhere, later, first, other_help, later]) == (first, later, nowhere)


def test_a_place_that_is_not_known_is_none_throughout() -> None:
    found = Diagnostic("E415", "nowhere")
    assert (found.path, found.line, found.column, found.end_line, found.end_column) == (None,) * 5
    assert str(found) == "error[E415]: nowhere"


def test_an_invalid_spec_says_why() -> None:
    error = SpecInvalid((Diagnostic("E203", "no", Span(_SOURCE, 5, 6)), Diagnostic("E415", "nowhere")))
    assert isinstance(error, MnistspecError) and error.exit_code == 1
    assert str(error) == "spec.yaml:2:1: error[E203]: no\nerror[E415]: nowhere"
