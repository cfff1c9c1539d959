"""The SARIF log: in order by the schema, with places, rules, lasting names and fixes that scanners take up."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log

from mnistspec.diagnostics import CODES, Diagnostic, Fix, Related
from mnistspec.formats import Checked, Findings, Unread
from mnistspec.formats.sarif import render
from mnistspec.source import Source, Span
from tests.formats.making import TEXT, finding, findings, stretch


def _run(found: Findings) -> dict[str, Any]:
    """The log's one run, after the whole log was held against the schema."""
    log = json.loads(render(found))
    Log.model_validate(log)
    (run,) = log["runs"]
    return dict(run)


def _results(*diagnostics: Diagnostic) -> list[dict[str, Any]]:
    return list(_run(findings(*diagnostics))["results"])


def test_a_finding_with_all_that_it_can_have() -> None:
    whole = dataclasses.replace(
        finding(), related=(Related("made here", stretch("Dense")),), fix=Fix(stretch("unit"), "units", certain=True)
    )
    (result,) = _results(whole)
    place = {"artifactLocation": {"uri": "specs/a.yaml", "uriBaseId": "%SRCROOT%"}}
    region = {"startLine": 4, "startColumn": 15, "endLine": 4, "endColumn": 19}
    assert len(result.pop("partialFingerprints")["finding/v1"]) == 64
    assert result == {
        "ruleId": "E206",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "`Dense` has no argument `unit`\ndid you mean `units`?"},
        "locations": [{"physicalLocation": {**place, "region": region}}],
        "relatedLocations": [
            {
                "id": 0,
                "physicalLocation": {
                    **place, "region": {"startLine": 4, "startColumn": 7, "endLine": 4, "endColumn": 12}
                },
                "message": {"text": "made here"},
            }
        ],
        "fixes": [
            {
                "description": {"text": "did you mean `units`?"},
                "artifactChanges": [
                    {**place, "replacements": [{"deletedRegion": region, "insertedContent": {"text": "units"}}]}
                ],
            }
        ],
    }  # fmt: skip


def test_columns_count_characters() -> None:
    text = TEXT.replace("Dense: {unit", "'😀😀': {unit")
    (result,) = _results(finding(text=text))
    assert _run(findings())["columnKind"] == "unicodeCodePoints"
    assert result["locations"][0]["physicalLocation"]["region"]["startColumn"] == len("    - '😀😀': {") + 1


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("specs/ä b#c?d%.yaml", "specs/%C3%A4%20b%23c%3Fd%25.yaml"),
        ("c:d.yaml", "c%3Ad.yaml"),
        ("a\udc80.yaml", "a%EF%BF%BD.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
    ],
)
def test_a_path_is_a_relative_uri(name: str, uri: str) -> None:
    (result,) = _results(finding(name=name))
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_a_file_outside_of_the_repository_has_a_whole_uri() -> None:
    (result,) = _results(finding(name="/else where/a.yaml"))
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "file:///else%20where/a.yaml"}


def test_every_code_is_a_rule_with_help() -> None:
    found = findings(*(Diagnostic(code, "") for code in CODES))
    run = _run(found)
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == list(CODES)
    assert all(f"mnistspec explain {rule['id']}" in rule["help"]["text"] for rule in rules)
    levels = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in rules}
    assert (levels["E101"], levels["W501"], levels["I901"]) == ("error", "warning", "note")


def test_checked_files_are_named_also_clean_ones() -> None:
    run = _run(Findings((Checked("a.yaml"), Checked("b.yaml"))))
    assert [file["location"]["uri"] for file in run["artifacts"]] == ["a.yaml", "b.yaml"]
    assert (run["results"], run["invocations"][0]["executionSuccessful"]) == ([], True)


def test_what_could_not_be_read_is_told() -> None:
    (invocation,) = _run(Findings((), (Unread("a.yaml", "no file `a.yaml`"),)))["invocations"]
    assert invocation == {
        "executionSuccessful": False,
        "exitCode": 2,
        "toolExecutionNotifications": [{"level": "error", "message": {"text": "no file `a.yaml`"}}],
    }


def test_a_setting_is_shown_at_the_spec() -> None:
    setting = Diagnostic("E204", "wrong", Span(Source("seed=-1", "--set"), 5, 7))
    (result,) = _results(setting)
    assert result["locations"] == [
        {"physicalLocation": {"artifactLocation": {"uri": "specs/a.yaml", "uriBaseId": "%SRCROOT%"}}}
    ]


def test_text_of_a_spec_gives_no_link() -> None:
    (result,) = _results(Diagnostic("E205", "Keras has no layer `[click](https://example.org)`"))
    assert "](" not in result["message"]["text"]
