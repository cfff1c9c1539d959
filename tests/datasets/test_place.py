"""A complaint about data is shown at the word of the spec that it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnistspec import check

from .making import write


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("{csv: {path: a.csv, label: y, features: [a, bb]}}", "bb"),
        ("{csv: {path: a.csv, label: why}}", "why"),
        ("{csv: {path: a.csv, label: y, features: {one: [a], two: [c]}}}", "c"),
        ("{csv: {path: empty.csv, label: y}}", "empty.csv"),
        ("{images: {path: empty}}", "empty"),
    ],
)
def test_the_place_is_the_word(source: str, word: str, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "a,b,c,y\n" + "1,2,red,0\n" * 10)
    write(tmp_path / "empty.csv", "")
    (tmp_path / "empty").mkdir()
    text = f"mnistspec: 1\ndata: {{source: {source}}}\nmodel: {{kind: sequential, input: [2], layers: [Flatten]}}\n"
    found = check(text, filename=str(tmp_path / "a.yaml")).diagnostics[0]
    assert (found.code, found.span.text if found.span is not None else None) == ("E413", word)


def test_a_word_that_the_name_of_the_file_holds_too_is_not_sought_there(tmp_path: Path) -> None:
    write(tmp_path / "why" / "a.csv", "a,b,c,y\n" + "1,2,red,0\n" * 10)
    text = (
        "mnistspec: 1\ndata: {source: {csv: {path: why/a.csv, label: why}}}\n"
        "model: {kind: sequential, input: [2], layers: [Flatten]}\n"
    )
    found = check(text, filename=str(tmp_path / "a.yaml")).diagnostics[0]
    assert found.span is not None and found.span.start == text.index("label: why") + len("label: ")
