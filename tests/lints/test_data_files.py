"""Data that is not on this machine is told in a note, at the path that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lints.checking import codes, findings

_MODEL = "model: {kind: sequential, input: [8], layers: [{Dense: {units: 1}}]}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("here.csv").write_text("a,b\n1,2\n")
    Path("pictures/cat").mkdir(parents=True)
    Path("pictures/cat/1.png").write_bytes(b"")


def _of(source: str, more: str = "") -> list[str]:
    return codes(f"data: {{source: {{{source}}}{more}}}\n{_MODEL.replace('[8]', '[1]')}")


def test_files_and_folders_that_are_there() -> None:
    assert _of("csv: {path: here.csv, label: b}") == []
    pictures = "data: {source: {images: {path: pictures, image_size: [8, 8]}}}"
    assert codes(f"{pictures}\nmodel: {{kind: sequential, layers: [{{Rescaling: {{scale: 0.004}}}}]}}") == []


@pytest.mark.parametrize(
    ("source", "more", "count"),
    [
        ("csv: {path: absent.csv, label: b}", "", 1),
        ("csv: {path: here.csv, label: b, test_path: absent.csv}", "", 1),
        ("csv: {path: pictures, label: b}", "", 1),
        ("npz: {path: absent.npz}", "", 1),
        ("images: {path: here.csv}", "", 1),
        ("npz: {path: absent.npz}", ", validation: {npz: {path: other.npz}}", 2),
    ],
)
def test_files_and_folders_that_are_not(source: str, more: str, count: int) -> None:
    found = _of(source, more)
    assert [code for code in found if code == "I902"] == ["I902"] * count


def test_the_note_stands_at_the_path_and_can_be_ignored() -> None:
    text = f"data: {{source: {{npz: {{path: absent.npz}}}}}}\n{_MODEL}"
    (found,) = findings(text)
    assert found.span is not None and found.span.text == "absent.npz"
    assert codes(f"ignore: [missing-data-file]\n{text}") == []
