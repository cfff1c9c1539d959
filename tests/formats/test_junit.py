"""The test report: suites and cases as CI servers count them, in XML that every parser reads."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from mnistspec.formats import Checked, Findings, Unread
from mnistspec.formats.junit import render
from tests.formats.making import finding, findings


def _counts(element: ElementTree.Element) -> dict[str, int]:
    return {name: int(element.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}


def test_a_suite_a_file_and_a_case_a_finding() -> None:
    clean, wrong = Checked("good.yaml"), Checked("specs/a.yaml", (finding(), finding(code="W507")))
    root = ElementTree.fromstring(render(Findings((clean, wrong), (Unread("b.yaml", "no file `b.yaml`"),))))
    assert [suite.attrib["name"] for suite in root] == ["good.yaml", "specs/a.yaml", "b.yaml"]
    assert _counts(root) == {"tests": 4, "failures": 1, "errors": 1, "skipped": 1}
    assert [_counts(suite)["tests"] for suite in root] == [1, 2, 1]


def test_a_clean_file_is_a_passing_case() -> None:
    (case,) = ElementTree.fromstring(render(findings())).iter("testcase")
    assert (case.attrib["classname"], len(case)) == ("specs/a.yaml", 0)


def test_a_wrong_file_says_where_and_what() -> None:
    (case,) = ElementTree.fromstring(render(findings(finding()))).iter("testcase")
    assert case.attrib == {
        "name": "E206 unknown-argument at 4:15",
        "classname": "specs/a.yaml",
        "file": "specs/a.yaml",
        "line": "4",
    }
    (failure,) = case
    assert failure.attrib == {"message": "`Dense` has no argument `unit`", "type": "error E206"}
    assert "help: did you mean `units`?" in (failure.text or "")


@pytest.mark.parametrize(("strict", "tag"), [(False, "skipped"), (True, "failure")])
def test_a_warning_fails_a_case_only_when_it_fails_the_command(strict: bool, tag: str) -> None:
    (case,) = ElementTree.fromstring(render(findings(finding(code="W507"), strict=strict))).iter("testcase")
    assert [outcome.tag for outcome in case] == [tag]


def test_what_xml_cannot_hold_is_replaced() -> None:
    name = "a\x01\x1b\ufffe\ud800<&\"'\n]]>.yaml"
    root = ElementTree.fromstring(render(findings(finding(name=name), path=name)).encode())
    assert root[0].attrib["name"] == "a\ufffd\ufffd\ufffd\ufffd<&\"'\n]]>.yaml"
