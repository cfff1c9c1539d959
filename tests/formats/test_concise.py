"""A line a finding: the form that editors and `grep` read."""

from __future__ import annotations

from mnistspec.diagnostics import Diagnostic
from mnistspec.formats.concise import render
from tests.formats.making import finding, findings


def test_a_line_a_finding() -> None:
    found = findings(finding(), Diagnostic("W507", "nothing uses it"))
    assert render(found).splitlines() == [
        "specs/a.yaml:4:15: error[E206]: `Dense` has no argument `unit` (did you mean `units`?)",
        "warning[W507]: nothing uses it",
    ]


def test_nothing_is_said_of_what_is_in_order() -> None:
    assert render(findings()) == ""


def test_a_finding_stays_on_its_line() -> None:
    assert len(render(findings(finding(name="a\nb\x1b.yaml"))).splitlines()) == 1
