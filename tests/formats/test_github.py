"""Annotations: what GitHub's runner reads from them, in its own way of reading, and nothing that it would drop."""

from __future__ import annotations

import re

import pytest

from mnistspec.diagnostics import Diagnostic
from mnistspec.formats import Checked, Findings, Unread
from mnistspec.formats.github import render
from tests.formats.making import TEXT, finding, findings, stretch


def _read(line: str) -> tuple[str, dict[str, str], str] | None:
    """A line as the runner reads it: command, properties, message; None for plain text."""
    found = re.fullmatch(r"::([\w-]+) ?(.*?)::(.*)", line.strip())
    if found is None:
        return None
    pairs = (pair.split("=", 1) for pair in found[2].split(","))
    return found[1], {name: _plain(value) for name, value in pairs}, _plain(found[3])


def _plain(text: str) -> str:
    for escaped, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escaped, character)
    return text


def test_the_command_to_the_letter() -> None:
    assert render(findings(finding())).splitlines() == [
        "::error title=E206 unknown-argument,file=specs/a.yaml,line=4,col=15,endLine=4,endColumn=19::"
        "`Dense` has no argument `unit`%0Adid you mean `units`?",
        "1 spec checked: 1 error",
    ]


def test_a_path_with_every_sign_that_means_something_comes_back_whole() -> None:
    name = "a, b:c=d%2C\n::error::e.yaml"
    annotation = _read(render(findings(finding(name=name))).splitlines()[0])
    assert annotation is not None and annotation[1]["file"] == name


def test_a_finding_over_several_lines_has_no_columns() -> None:
    start, end = TEXT.index("layers"), len(TEXT)
    span = stretch(TEXT[start:end])
    annotation = _read(render(findings(Diagnostic("E406", "no layers", span))).splitlines()[0])
    assert annotation is not None
    assert {name: annotation[1].get(name) for name in ("line", "endLine", "col", "endColumn")} == {
        "line": "3",
        "endLine": "6",
        "col": None,
        "endColumn": None,
    }


def test_errors_come_first_and_notes_are_notices() -> None:
    codes = ("I901", "W507", "E206", "W501", "E101")
    found = Findings((Checked("a.yaml", tuple(Diagnostic(code, "") for code in codes)),), (Unread("b", "no file `b`"),))
    commands = [_read(line) for line in render(found).splitlines()]
    assert [command and command[0] for command in commands] == [
        *("error",) * 3, *("warning",) * 2, "notice", None,
    ]  # fmt: skip
    assert commands[0] == ("error", {"title": "mnistspec"}, "no file `b`")


@pytest.mark.parametrize(("count", "shown"), [(10, 10), (11, 9), (300, 9)])
def test_past_ten_of_a_severity_the_rest_is_counted_and_listed(count: int, shown: int) -> None:
    found = findings(*(finding(name=f"{number}.yaml") for number in range(count)))
    lines = render(found).splitlines()
    commands = [command for line in lines if (command := _read(line))]
    assert len(commands) == 10
    if count > 10:
        assert commands[-1][2] == f"+{count - shown} more, in the log of this step"
    listed = [line for line in lines if line.startswith("- ")]
    assert len(listed) == count - shown
    assert all(f"{number}.yaml:4:15" in "".join(lines) for number in range(shown, count))


def test_text_of_a_spec_gives_no_command() -> None:
    name = "::error::x ##[add-mask]y.yaml"
    lines = render(findings(*(finding(name=name) for _ in range(20)))).splitlines()
    plain = [line for line in lines if _read(line) is None]
    assert len(plain) == 12
    assert all("##[" not in line and not line.startswith("::") for line in plain)
