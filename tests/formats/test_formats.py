"""The table of forms: each can be made, what is not chosen is not imported, and no text breaks any of them."""

from __future__ import annotations

import json
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnistspec.diagnostics import Diagnostic
from mnistspec.formats import FOR_PEOPLE, FORMATS, Checked, Findings, Unread, formatted
from mnistspec.source import Source, Span

# Every character that Python's strings can hold, halves of surrogate pairs among them.
_TEXT = st.text(st.characters(exclude_categories=()), min_size=1, max_size=20)
HOSTILE = "a\x00b\x1b[31m\x07\u2028\ud800\udc80\ufffe\U0001f600\r\n::error::x ##[add-mask]y ]]> <&\"'"


@pytest.mark.parametrize("name", FORMATS)
def test_any_text_can_be_shown_and_written(name: str) -> None:
    span = Span(Source(HOSTILE, HOSTILE), 0, len(HOSTILE))
    found = Diagnostic("E205", HOSTILE, span, HOSTILE)
    shown = formatted(name, Findings((Checked(HOSTILE, (found,)),), (Unread(HOSTILE, HOSTILE),)))
    shown.encode("utf-8")
    assert not {"\x00", "\x1b", "\x07"} & set(shown)


@given(path=_TEXT, message=_TEXT, help=_TEXT)
def test_what_programs_read_they_can_read_whatever_the_text(path: str, message: str, help: str) -> None:
    found = Diagnostic("E205", message, Span(Source(message, path), 0, len(message)), help)
    findings = Findings((Checked(path, (found,)),), (Unread(path, message),))
    for name in ("json", "sarif", "gitlab"):
        json.loads(formatted(name, findings).encode("utf-8"))
    ElementTree.fromstring(formatted("junit", findings).encode("utf-8"))
    assert len(formatted("github", findings).splitlines()) == 3
    assert len(formatted("concise", findings).splitlines()) == 1


@pytest.mark.parametrize("name", sorted(FOR_PEOPLE))
def test_colour_is_for_people_and_only_where_it_is_asked_for(name: str) -> None:
    findings = Findings((Checked("a.yaml", (Diagnostic("E205", "wrong"),)),))
    assert "\x1b[1;31m" in formatted(name, findings, colour=True)
    assert "\x1b" not in formatted(name, findings)


def test_a_form_is_imported_when_it_is_chosen() -> None:
    code = (
        "import sys, mnistspec.cli.validate\n"
        "print([name for name in ('sarif', 'junit', 'github', 'gitlab') if f'mnistspec.formats.{name}' in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
