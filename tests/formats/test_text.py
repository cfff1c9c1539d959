"""Findings for people: what is printed, in what order, and how many there were."""

from __future__ import annotations

from mnistspec.diagnostics import Diagnostic, Related
from mnistspec.formats.text import as_text, count_line
from mnistspec.source import Source, Span

_SOURCE = Source("mnistspec: 1\nseed: -1\nseed: 2\n", "spec.yaml")


def test_place_excerpt_related_and_help() -> None:
    found = Diagnostic(
        "E103", "a key twice", Span(_SOURCE, 22, 26), "keep one", (Related("first here", Span(_SOURCE, 13, 17)),)
    )
    assert as_text([found]) == (
        "error[E103]: a key twice\n"
        " --> spec.yaml:3:1\n"
        "  |\n"
        "3 | seed: 2\n"
        "  | ^^^^\n"
        "  = first here:\n"
        " --> spec.yaml:2:1\n"
        "  |\n"
        "2 | seed: -1\n"
        "  | ^^^^\n"
        "  help: keep one"
    )


def test_a_finding_without_a_place_is_a_line() -> None:
    assert as_text([Diagnostic("W507", "nothing uses it")]) == "warning[W507]: nothing uses it"


def test_colour_changes_no_letter() -> None:
    found = Diagnostic("E204", "wrong", Span(_SOURCE, 19, 21), "write `1`")
    coloured = as_text([found], colour=True)
    plain = coloured
    for code in ("0", "1", "33", "34", "36", "31", "1;31", "1;32"):
        plain = plain.replace(f"\x1b[{code}m", "")
    assert coloured != plain == as_text([found])


def test_a_message_stays_on_its_line() -> None:
    found = Diagnostic("E205", "no layer `a\nb\x1b[31m`", Span(Source("a\x9bb", "x\ny"), 0, 1), "c\rd")
    assert "\x1b" not in as_text([found]) and "\x9b" not in as_text([found])
    assert len(as_text([found]).splitlines()) == 6


def test_a_long_line_is_shown_around_the_place() -> None:
    text = "a: [" + "1, " * 300 + "x" + ", 1" * 300 + "]"
    start = text.index("x")
    lines = as_text([Diagnostic("E203", "no", Span(Source(text), start, start + 1))]).splitlines()
    assert max(map(len, lines)) < 180
    assert lines[3][lines[4].index("^")] == "x"


def test_what_there_was_is_counted() -> None:
    codes = ["E101", "W501", "E102", "I901"]
    assert count_line([Diagnostic(code, "") for code in codes]) == "2 errors, 1 warning, 1 note"
    assert count_line([]) == ""
