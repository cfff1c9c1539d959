"""`mnistspec fmt`: what is written, what is only shown, and what is said."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LOOSE = "mnistspec:   1\nmodel: {kind: sequential}  # small\n"
LAID = "mnistspec: 1\nmodel:  # small\n  kind: sequential\n"
BROKEN = "mnistspec: 1\nmodel: [1\n"
ODD = "%YAML 1.2\n---\nmnistspec:   1\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("specs").mkdir()
    Path("specs/loose.yaml").write_text(LOOSE)
    Path("specs/laid.yaml").write_text(LAID)


def _standard_input(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_a_folder_is_laid_out_in_place(command: Callable[..., Any]) -> None:
    done = command("fmt", "specs")
    assert (done.code, done.err) == (0, "")
    assert done.out == "formatted specs/loose.yaml\n2 specs: 1 formatted, 1 unchanged\n"
    assert Path("specs/loose.yaml").read_text() == Path("specs/laid.yaml").read_text() == LAID
    assert command("fmt", "specs").out == "2 specs: 2 unchanged\n"


def test_a_check_writes_nothing_and_names_what_would_change(command: Callable[..., Any]) -> None:
    done = command("fmt", "specs/*.yaml", "--check")
    assert done.code == 1 and "would format specs/loose.yaml" in done.out and "laid.yaml" not in done.out
    assert Path("specs/loose.yaml").read_text() == LOOSE
    assert command("fmt", "specs/laid.yaml", "--check").code == 0


def test_a_difference_is_shown_and_nothing_is_written(command: Callable[..., Any]) -> None:
    done = command("fmt", "specs", "--diff")
    assert done.code == 1 and "-mnistspec:   1\n" in done.out and "+mnistspec: 1\n" in done.out
    assert done.err == "would format specs/loose.yaml\n"
    assert Path("specs/loose.yaml").read_text() == LOOSE


def test_standard_input_becomes_standard_output(command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    _standard_input(monkeypatch, LOOSE)
    done = command("fmt", "-")
    assert (done.code, done.out, done.err) == (0, LAID, "")
    _standard_input(monkeypatch, LOOSE)
    done = command("fmt", "-", "--check")
    assert (done.code, done.out) == (1, "") and "<stdin>" in done.err


def test_a_text_that_is_not_yaml_is_refused_and_untouched(
    command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("specs/broken.yaml").write_text(BROKEN)
    done = command("fmt", "specs")
    assert done.code == 1 and "error[E101]" in done.err and "formatted specs/loose.yaml" in done.out
    assert Path("specs/broken.yaml").read_text() == BROKEN
    _standard_input(monkeypatch, BROKEN)
    assert command("fmt", "-").out == BROKEN


def test_what_cannot_be_kept_is_left_with_a_word_why(command: Callable[..., Any]) -> None:
    Path("specs/odd.yaml").write_text(ODD)
    done = command("fmt", "specs/odd.yaml")
    assert done.code == 0 and done.err == "specs/odd.yaml is left as it is: its layout would lose a directive of YAML\n"
    assert Path("specs/odd.yaml").read_text() == ODD


def test_every_spec_is_an_object_for_programs(command: Callable[..., Any]) -> None:
    Path("specs/broken.yaml").write_text(BROKEN)
    Path("specs/odd.yaml").write_text(ODD)
    done = command("fmt", "specs", "absent.yaml", "--check", "--diff", "--format", "json")
    found = {one["path"]: one for one in json.loads(done.out)}
    assert {path: one["status"] for path, one in found.items()} == {
        "specs/broken.yaml": "wrong", "specs/laid.yaml": "unchanged", "specs/loose.yaml": "changed",
        "specs/odd.yaml": "left", "absent.yaml": "unread",
    }  # fmt: skip
    assert found["specs/broken.yaml"]["diagnostics"][0]["code"] == "E101"
    assert "directive" in found["specs/odd.yaml"]["reason"] and "+mnistspec: 1" in found["specs/loose.yaml"]["diff"]
    assert done.code == 2 and "there is no file `absent.yaml`" in done.err


def test_a_file_keeps_its_mode_its_mark_and_its_line_ends(command: Callable[..., Any]) -> None:
    path = Path("specs/loose.yaml")
    path.write_bytes(b"\xef\xbb\xbf" + LOOSE.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    assert command("fmt", path).code == 0
    assert path.read_bytes() == b"\xef\xbb\xbf" + LAID.replace("\n", "\r\n").encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in Path("specs").iterdir()) == ["laid.yaml", "loose.yaml"]


def test_a_spec_of_standard_input_is_text_for_programs(
    command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _standard_input(monkeypatch, LOOSE)
    (found,) = json.loads(command("fmt", "-", "--format", "json").out)
    assert (found["path"], found["status"], found["text"]) == ("<stdin>", "changed", LAID)


def test_the_other_forms_are_refused(command: Callable[..., Any]) -> None:
    done = command("fmt", "specs", "--format", "sarif")
    assert done.code == 2 and "text, json" in done.err
