"""Quotes left open are told where they begin, and texts over several lines are let be."""

from __future__ import annotations

import pytest

from mnistspec import check

_HEAD = "mnistspec: 1\n"
_MODEL = "model: {kind: sequential, input: [4], layers: [Flatten]}\n"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("name: 'digits\n" + _MODEL, "'digits"),
        ('name: "digits\n' + _MODEL + 'description: "of MNIST"\n', '"digits'),
        ("model:\n  layers:\n    - Dense: {units: 3, activation: 'relu, name: a}\n    - Flatten\n", "'relu"),
        ('model:\n  kind: sequential\n  layers:\n    - ["Flatten]\n    - Flatten\n', '"Flatten'),
        ("fit:\n  callbacks:\n    - 'TerminateOnNaN\n    - ProgbarLogger\n", "'TerminateOnNaN"),
    ],
)  # fmt: skip
def test_the_place_is_where_the_quote_begins_and_the_help_closes_it(text: str, marked: str) -> None:
    [found] = check(_HEAD + text).diagnostics
    assert found.code == "E101" and found.message == "a quote that is not closed on its line"
    assert found.span is not None and found.span.text == marked
    assert found.help == f"write `{marked}{marked[0]}`"


@pytest.mark.parametrize(
    "text",
    [
        'description: "over\n  two lines"\nmodel: {kind: sequential\nlayers: [Flatten]\n',
        'description: "over\n  note: two lines"\nfit: {epochs: 1}\nmodel: {kind: sequential\nlayers: [Flatten]\n',
        "description: it's what isn't said\nmodel:\n  kind: sequential\n   layers: [Flatten]\n",
        "name: 'it''s'\nmodel: [Flatten\n",
        '# a "comment\nmodel: [Flatten\n',
    ],
)
def test_other_mistakes_are_told_as_before(text: str) -> None:
    found = check(_HEAD + text).diagnostics
    assert found and all("quote that" not in one.message for one in found)


def test_a_text_over_several_lines_is_none() -> None:
    assert check(_HEAD + 'description: "over\n  name: two lines"\n' + _MODEL).ok
