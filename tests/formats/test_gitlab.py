"""The code quality report: the fields that GitLab needs, and no two findings under one fingerprint."""

from __future__ import annotations

import json

from mnistspec.diagnostics import Diagnostic
from mnistspec.formats.gitlab import render
from tests.formats.making import finding, findings


def test_an_entry() -> None:
    (entry,) = json.loads(render(findings(finding())))
    assert len(entry.pop("fingerprint")) == 64
    assert entry == {
        "description": "`Dense` has no argument `unit` (did you mean `units`?)",
        "check_name": "E206 unknown-argument",
        "severity": "major",
        "location": {"path": "specs/a.yaml", "lines": {"begin": 4, "end": 4}},
    }


def test_severities_are_gitlabs() -> None:
    entries = json.loads(render(findings(*(Diagnostic(code, "") for code in ("E101", "W501", "I901")))))
    assert [entry["severity"] for entry in entries] == ["major", "minor", "info"]


def test_a_finding_without_a_place_is_on_the_first_line() -> None:
    (entry,) = json.loads(render(findings(Diagnostic("W507", "nothing uses it"))))
    assert entry["location"] == {"path": "specs/a.yaml", "lines": {"begin": 1, "end": 1}}


def test_the_same_finding_twice_is_two_entries() -> None:
    entries = json.loads(render(findings(finding(), finding())))
    assert len({entry["fingerprint"] for entry in entries}) == 2


def test_an_empty_report_is_an_array() -> None:
    assert render(findings()) == "[]"
