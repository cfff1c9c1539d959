"""What a command found: where a finding belongs, and what the command ends with."""

from __future__ import annotations

import pytest

from mnistspec.diagnostics import Diagnostic
from mnistspec.formats import Checked, Findings, Unread
from mnistspec.source import Source, Span
from tests.formats.making import stretch


@pytest.mark.parametrize(
    ("codes", "unread", "strict", "code"),
    [
        ([], False, True, 0),
        (["W501", "I901"], False, False, 0),
        (["I901"], False, True, 0),
        (["W501"], False, True, 1),
        (["W501", "E101"], False, False, 1),
        (["E101"], True, False, 2),
        ([], True, False, 2),
    ],
)
def test_what_could_not_be_read_outweighs_what_is_wrong(
    codes: list[str], unread: bool, strict: bool, code: int
) -> None:
    checked = Checked("a.yaml", tuple(Diagnostic(each, "") for each in codes))
    findings = Findings((checked,), (Unread("b.yaml", "no file"),) if unread else (), strict)
    assert findings.exit_code == code


def test_a_finding_in_another_file_belongs_there() -> None:
    span = stretch("unit", name="base.yaml")
    assert Checked("a.yaml").place(Diagnostic("E206", "", span)) == ("base.yaml", span)


def test_a_finding_about_a_setting_belongs_to_the_spec_without_a_place() -> None:
    setting = Span(Source("seed=-1", "--set"), 5, 7)
    assert Checked("a.yaml").place(Diagnostic("E204", "", setting)) == ("a.yaml", None)
    assert Checked("a.yaml").place(Diagnostic("W507", "")) == ("a.yaml", None)


def test_a_finding_on_standard_input_has_its_place() -> None:
    span = Span(Source("a: 1", "<stdin>"), 0, 1)
    assert Checked("<stdin>").place(Diagnostic("E201", "", span)) == ("<stdin>", span)
