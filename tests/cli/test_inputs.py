"""Which specs are meant: by folders, patterns and names, each file once, and nothing that is no spec."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mnistspec.cli.inputs import find_inputs

SPEC = "mnistspec: 1\n"


def _write(*names: str, text: str | bytes = SPEC) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())


def _found(*arguments: str) -> list[str]:
    inputs = find_inputs(arguments)
    assert inputs.unread == ()
    return [path.replace(os.sep, "/") for path in inputs.paths]


def _reasons(*arguments: str) -> list[str]:
    return [unread.reason for unread in find_inputs(arguments).unread]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_folder_stands_for_the_specs_in_it_sorted_and_below() -> None:
    _write("specs/b.yaml", "specs/a.yml", "specs/sub/deep/c.yaml", "specs/a/z.yaml", "specs/spec.txt")
    expected = ["specs/a/z.yaml", "specs/a.yml", "specs/b.yaml", "specs/sub/deep/c.yaml"]
    assert _found("specs") == _found("specs/") == expected
    assert _found(str(Path("specs").resolve()))[0].endswith("/specs/a/z.yaml")


def test_hidden_folders_and_files_are_passed_over_unless_named() -> None:
    _write("specs/a.yaml", "specs/.git/b.yaml", "specs/.c.yaml", ".github/d.yaml")
    assert _found("specs") == ["specs/a.yaml"]
    assert _found(".") == ["./specs/a.yaml"]
    assert _found(".github", "specs/.c.yaml") == [".github/d.yaml", "specs/.c.yaml"]


def test_what_a_run_keeps_is_passed_over_unless_named() -> None:
    _write("a.yaml", "runs/a/001/spec.yaml", "runs/a/001/resolved.yaml", "runs/a/001/run.json", "runs/b.yaml")
    assert _found(".") == ["./a.yaml", "./runs/b.yaml"]
    assert _found("runs/a/001") == ["runs/a/001/resolved.yaml", "runs/a/001/spec.yaml"]


@pytest.mark.parametrize(
    "text",
    [
        SPEC,
        "# a comment\r\nname: x\r\nmnistspec: 1\r\n",
        '{"mnistspec": 1, "model": {}}',
        "{\n  mnistspec: 1}",
        "'mnistspec' : 1\n",
        "---\nmnistspec:\n",
        "mnistspec: 1\nmodel: [",
        SPEC.encode("utf-8-sig"),
        SPEC.encode("utf-16"),
        SPEC.encode() + b"\xff\xfe",
    ],
)
def test_a_file_in_a_folder_is_taken_when_it_says_that_it_is_a_spec(text: str | bytes) -> None:
    _write("specs/a.yaml", text=text)
    assert _found("specs") == ["specs/a.yaml"]


@pytest.mark.parametrize("text", ["", "services: {}\n", "  mnistspec: 1\n", "# mnistspec: 1\n", "mnistspecs: 1\n"])
def test_other_files_in_a_folder_are_left_out(text: str) -> None:
    _write("specs/a.yaml", text=text)
    assert _reasons("specs") == ["there is no spec in `specs`: no .yaml or .yml file with a key `mnistspec` at the top"]


def test_a_file_that_is_named_is_meant_whatever_it_says() -> None:
    _write("compose.yaml", "notes.txt", text="services: {}\n")
    assert _found("compose.yaml", "notes.txt", "*.yaml") == ["compose.yaml", "notes.txt"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.yaml", ["a.yaml"]),
        ("s/*.yaml", ["s/b.yaml", "s/c.yaml"]),
        ("s/[b].y?ml", ["s/b.yaml"]),
        ("**/*.yaml", ["a.yaml", "s/b.yaml", "s/c.yaml", "s/t/d.yaml", "t/e.yaml"]),
        ("**/**/d.yaml", ["s/t/d.yaml"]),
        ("**/t/*.yaml", ["s/t/d.yaml", "t/e.yaml"]),
        ("*/t", ["s/t/d.yaml"]),
        ("s/**", ["s/b.yaml", "s/c.yaml", "s/t/d.yaml"]),
        ("./*/*/d.yaml", ["s/t/d.yaml"]),
        ("s/.*.yaml", ["s/.hidden.yaml"]),
    ],
)
def test_a_pattern_stands_for_the_files_that_fit(pattern: str, expected: list[str]) -> None:
    _write("a.yaml", "s/c.yaml", "s/b.yaml", "s/.hidden.yaml", "s/t/d.yaml", "t/e.yaml", ".h/f.yaml")
    assert _found(pattern) == expected


def test_a_whole_path_can_be_a_pattern(tmp_path: Path) -> None:
    _write("s/a.yaml")
    assert _found(f"{tmp_path}/*/*.yaml") == [f"{tmp_path.as_posix()}/s/a.yaml"]


def test_a_pattern_without_a_file_is_told() -> None:
    assert _reasons("specs/*.yaml") == ["no file matches `specs/*.yaml`"]


def test_a_file_whose_name_is_a_pattern_is_that_file() -> None:
    _write("[ab].yaml", "a.yaml")
    assert _found("[ab].yaml") == ["[ab].yaml"]


def test_a_file_is_taken_once_whatever_names_it() -> None:
    _write("specs/a.yaml", "specs/b.yaml")
    Path("link.yaml").symlink_to("specs/a.yaml")
    arguments = ("specs/b.yaml", "-", "specs", "./specs/../specs/a.yaml", "specs/*", "link.yaml", "-")
    assert _found(*arguments) == ["specs/b.yaml", "-", "specs/a.yaml"]


def test_links_that_lead_round_end(tmp_path: Path) -> None:
    _write("specs/a.yaml")
    Path("specs/round").symlink_to(tmp_path)
    Path("specs/itself").symlink_to("itself")
    assert _found("specs") == _found("specs/**/*.yaml") == ["specs/a.yaml"]


def test_pipes_in_a_folder_are_left_out() -> None:
    _write("specs/a.yaml")
    os.mkfifo("specs/pipe.yaml")
    assert _found("specs", "specs/*.yaml") == ["specs/a.yaml"]


def test_links_to_nowhere_are_passed_on_for_their_reading_to_tell() -> None:
    _write("specs/a.yaml")
    Path("specs/nowhere.yaml").symlink_to("absent.yaml")
    Path("specs/round.yaml").symlink_to("round.yaml")
    Path("specs/.#a.yaml").symlink_to("editor@machine.123")
    Path("specs/readme").symlink_to("absent.md")
    assert _found("specs") == _found("specs/*.yaml") == ["specs/a.yaml", "specs/nowhere.yaml", "specs/round.yaml"]


def test_a_missing_file_is_passed_on_for_its_reading_to_tell() -> None:
    assert _found("absent.yaml", "x" * 5000) == ["absent.yaml", "x" * 5000]


def test_a_folder_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    _write("specs/a.yaml", "specs/closed/b.yaml")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    inputs = find_inputs(["specs"])
    assert inputs.paths == (os.path.join("specs", "a.yaml"),)  # noqa: PTH118
    assert [unread.reason for unread in inputs.unread] == ["`specs/closed` cannot be read: Permission denied"]


def test_a_folder_whose_name_is_a_pattern_is_that_folder_in_a_pattern_too() -> None:
    _write("a[1]/x.yaml", "a1/y.yaml", "b1/z.yaml")
    assert _found("a[1]/*.yaml") == ["a[1]/x.yaml"]
    assert _found("b[1]/*.yaml") == ["b1/z.yaml"]
