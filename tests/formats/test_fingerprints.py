"""Lasting names of findings: the same after lines moved, and no two alike."""

from __future__ import annotations

from mnistspec.diagnostics import Diagnostic
from mnistspec.formats import Checked, Findings
from mnistspec.formats.fingerprints import placed
from mnistspec.source import Source, Span
from tests.formats.making import TEXT, finding, findings, stretch


def _names(found: Findings) -> list[str]:
    return [one.fingerprint for one in placed(found)]


def test_a_finding_keeps_its_name_when_its_line_moves() -> None:
    moved = "# a comment\n\n" + TEXT.replace("    - Dense", "  -   Dense")
    assert _names(findings(finding())) == _names(findings(finding(text=moved)))


def test_a_finding_keeps_its_name_when_another_line_changes_or_the_message() -> None:
    changed = finding(text=TEXT.replace("mnistspec: 1", "mnistspec: 2"))
    said_otherwise = Diagnostic(changed.code, "otherwise", changed.span)
    assert _names(findings(finding())) == _names(findings(said_otherwise))


def test_findings_that_look_the_same_have_names_of_their_own() -> None:
    again = Span(stretch("unit").source, TEXT.rindex("unit"), TEXT.rindex("unit") + 4)
    alike = (finding(), Diagnostic("E206", "", again), finding(), Diagnostic("E206", ""), Diagnostic("E206", ""))
    assert len(set(_names(findings(*alike)))) == 5


def test_code_file_and_text_are_in_the_name() -> None:
    names = [
        *_names(findings(finding())),
        *_names(findings(finding(code="E207"))),
        *_names(findings(finding(name="specs/b.yaml"))),
        *_names(findings(finding("Dense"))),
    ]
    assert len(set(names)) == 4


def test_a_setting_that_is_wrong_for_two_specs_is_two_findings() -> None:
    setting = Diagnostic("E204", "wrong", Span(Source("seed=-1", "--set"), 5, 7))
    both = Findings((Checked("a.yaml", (setting,)), Checked("b.yaml", (setting,))))
    assert [found.path for found in placed(both)] == ["a.yaml", "b.yaml"]
    assert len(set(_names(both))) == 2
