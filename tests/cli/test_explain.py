"""`mnistspec explain`: by code and by name, in three forms, and what it says of a code that is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mnistspec.diagnostics import CODES


def test_the_reason_the_specs_and_what_is_printed(command: Callable[..., Any]) -> None:
    done = command("explain", "E412")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "E412 shape-mismatch: shapes that do not fit"
    wrong, printed, right = (
        lines.index(title) for title in ("wrong.yaml", "mnistspec validate wrong.yaml", "right.yaml")
    )
    assert wrong < printed < right
    assert "        - Add: {from: [stem, body]}" in lines[wrong:printed]
    assert any(
        line.startswith("    error[E412]: `add`: Add needs inputs of one shape") for line in lines[printed:right]
    )
    assert "     --> wrong.yaml:8:20" in lines[printed:right]


def test_commands_stand_where_no_spec_can_show_it(command: Callable[..., Any]) -> None:
    out = command("explain", "E303").out
    assert "\nwrong\n\n    $ mnistspec validate spec.yaml --set fit.epochs.first=3\n    error[E303]" in out
    assert "\nright\n\n    $ mnistspec validate spec.yaml --set fit.epochs=3\n" in out


@pytest.mark.parametrize("word", ["e412", "shape-mismatch", "Shape-Mismatch"])
def test_a_code_is_found_by_its_name_and_in_any_case(command: Callable[..., Any], word: str) -> None:
    assert command("explain", word).out == command("explain", "E412").out


def test_several_codes_each_once_in_the_order_asked_for(command: Callable[..., Any]) -> None:
    done = command("explain", "E206", "yaml-syntax", "unknown-argument", "--format", "json")
    assert [told["code"] for told in json.loads(done.out)] == ["E206", "E101"]


def test_the_form_for_programs(command: Callable[..., Any]) -> None:
    (told,) = json.loads(command("explain", "E211", "--format", "json").out)
    assert list(told) == ["code", "name", "severity", "title", "why", "wrong", "right", "diagnostics"]
    assert (told["name"], told["severity"], told["title"]) == ("bad-version", "error", CODES["E211"][1])
    assert told["wrong"]["language"] == "yaml" and told["wrong"]["text"].startswith("mnistspec: 2\n")
    assert [(found["code"], found["line"]) for found in told["diagnostics"]] == [("E211", 1)]


def test_markdown(command: Callable[..., Any]) -> None:
    out = command("explain", "E211", "--format", "md").out
    assert out.startswith("### E211 bad-version\n")
    assert "```yaml\nmnistspec: 1\n" in out


def test_without_a_code_all_are_listed(command: Callable[..., Any]) -> None:
    out = command("explain").out
    rows = [line.split(maxsplit=2) for line in out.splitlines()[2 : 2 + len(CODES)]]
    assert [tuple(row) for row in rows] == [(code, *said) for code, said in CODES.items()]
    listed = json.loads(command("explain", "--format", "json").out)
    assert [told["code"] for told in listed] == list(CODES)
    assert {"code": "I901", "name": "shape-unknown", "severity": "note", "title": CODES["I901"][1]} in listed
    assert "| E412 | `shape-mismatch` | shapes that do not fit |\n" in command("explain", "--format", "md").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("shape-mismach",), "there is no code `shape-mismach`; did you mean `shape-mismatch`?"),
        (("W412",), "there is no code `W412`; did you mean `E412`?"),
        (("E412", "nonsense"), "there is no code `nonsense`; `mnistspec explain` lists them all"),
        (("E412", "--format", "xml"), "`--format xml` is unknown; there are text, json, md"),
    ],
)
def test_a_code_that_is_none(command: Callable[..., Any], words: tuple[str, ...], said: str) -> None:
    done = command("explain", *words)
    assert (done.code, done.out, done.err) == (2, "", f"error: {said}\n")


def test_of_a_number_that_is_none_the_codes_of_its_stage_are_named(command: Callable[..., Any]) -> None:
    of_the_stage = ", ".join(code for code in CODES if code.startswith("E4"))
    assert command("explain", "e499").err == f"error: there is no code `e499`; there are {of_the_stage}\n"
