"""`validate --fix` and `--diff`: what is written, how, and what is said of it."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mnistspec.cli import fixing
from mnistspec.diagnostics import OutputFailed

WRONG = "mnistspec: 1  # the version\nmodel: {kind: sequential, input: [4], layers: [{Dnese: {unit: 3}}]}\n"
RIGHT = WRONG.replace("Dnese", "Dense").replace("unit:", "units:")
BEYOND = WRONG.replace("}}]", "}}, Zebra]")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wrong.yaml").write_text(WRONG)
    Path("right.yaml").write_text(RIGHT)
    Path("beyond.yaml").write_text(BEYOND)


def test_what_is_certain_is_fixed_in_the_file_and_told(command: Callable[..., Any]) -> None:
    done = command("validate", "--fix", "wrong.yaml", "right.yaml")
    assert (done.code, done.err) == (0, "")
    assert done.out == "fixed 2 findings in wrong.yaml\n2 specs checked: all in order\n"
    assert Path("wrong.yaml").read_text() == RIGHT


def test_what_remains_is_told_and_decides_the_exit_code(command: Callable[..., Any]) -> None:
    done = command("validate", "--fix", "beyond.yaml")
    assert done.code == 1
    assert done.out.startswith("fixed 2 findings in beyond.yaml\nerror[E205]: Keras has no layer `Zebra`\n")
    assert Path("beyond.yaml").read_text() == RIGHT.replace("}}]", "}}, Zebra]")


def test_the_array_for_programs_stays_an_array(command: Callable[..., Any]) -> None:
    done = command("validate", "--fix", "--format", "json", "beyond.yaml")
    assert [found["code"] for found in json.loads(done.out)] == ["E205"]
    assert done.err == "fixed 2 findings in beyond.yaml\n"


def test_a_file_without_anything_to_fix_is_not_touched(command: Callable[..., Any]) -> None:
    os.utime("right.yaml", (1, 1))
    before = Path("right.yaml").stat()
    command("validate", "--fix", "right.yaml")
    after = Path("right.yaml").stat()
    assert (after.st_mtime, after.st_ino) == (before.st_mtime, before.st_ino)


def test_the_difference_is_shown_and_nothing_is_written(command: Callable[..., Any]) -> None:
    done = command("validate", "--diff", "wrong.yaml")
    assert done.code == 1
    assert done.out.splitlines() == [
        "--- wrong.yaml",
        "+++ wrong.yaml",
        "@@ -1,2 +1,2 @@",
        " mnistspec: 1  # the version",
        f"-{WRONG.splitlines()[1]}",
        f"+{RIGHT.splitlines()[1]}",
    ]
    assert done.err == "would fix 2 findings in wrong.yaml\n"
    assert Path("wrong.yaml").read_text() == WRONG


def test_there_is_no_difference_where_nothing_is_to_fix(command: Callable[..., Any]) -> None:
    done = command("validate", "--diff", "--fix", "right.yaml")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_a_difference_says_where_no_line_end_is() -> None:
    from mnistspec.source import Source

    shown = fixing.difference(Source("a: 1", "x.yaml"), "b: 1")
    end = "\\ No newline at end of file"
    assert shown.splitlines()[3:] == ["-a: 1", end, "+b: 1", end]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_standard_input_becomes_standard_output(
    command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, mark: bytes
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(mark + BEYOND.replace("\n", "\r\n").encode())))
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed))
    done = command("validate", "--fix", "-")
    sys.stdout.flush()
    assert done.code == 1
    assert printed.getvalue() == mark + RIGHT.replace("}}]", "}}, Zebra]").replace("\n", "\r\n").encode()


def test_bytes_that_are_no_text_pass_through(command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a: \xff")))
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed))
    assert command("validate", "--fix", "-").code == 1
    sys.stdout.flush()
    assert printed.getvalue() == b"a: \xff"


def test_every_byte_elsewhere_stays(command: Callable[..., Any]) -> None:
    data = b"\xef\xbb\xbf" + WRONG.replace("the version", "gr\u00f6\u00dfe \U0001f642").replace("\n", "\r\n").encode()
    Path("windows.yaml").write_bytes(data)
    command("validate", "--fix", "windows.yaml")
    assert Path("windows.yaml").read_bytes() == data.replace(b"Dnese", b"Dense").replace(b"unit:", b"units:")


@pytest.mark.skipif(os.name == "nt", reason="modes and links of POSIX")
def test_mode_and_link_stay_and_nothing_is_left_behind(command: Callable[..., Any]) -> None:
    Path("folder").mkdir()
    real = Path("wrong.yaml").rename("folder/real.yaml")
    real.chmod(0o640)
    Path("wrong.yaml").symlink_to(real)
    command("validate", "--fix", "wrong.yaml")
    assert Path("wrong.yaml").is_symlink()
    assert real.read_text() == RIGHT
    assert real.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in Path("folder").iterdir()] == ["real.yaml"]


def test_a_file_that_changed_meanwhile_is_left_alone() -> None:
    with pytest.raises(OutputFailed, match="was changed by another program"):
        fixing.rewrite(Path("right.yaml"), WRONG, "mnistspec: 1\n")
    assert Path("right.yaml").read_text() == RIGHT


def test_a_file_that_cannot_be_written_is_told(command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    done = command("validate", "--fix", "wrong.yaml")
    assert done.code == 2
    assert done.err == "error: `wrong.yaml` cannot be written: Permission denied\n"
    assert Path("wrong.yaml").read_text() == WRONG
