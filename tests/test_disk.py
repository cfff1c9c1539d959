"""Room on the disk is looked for before anything is written."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from mnistspec.disk import WRITING, replace_whole, require_room, sweep


def test_there_is_room(tmp_path: Path) -> None:
    require_room(tmp_path, 10_000)


def test_there_is_no_room(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left") as caught:
        require_room(tmp_path, shutil.disk_usage(tmp_path).total + 1)
    assert caught.value.errno == errno.ENOSPC


def test_a_file_is_there_whole_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail(temporary: Path) -> None:
        temporary.write_text("half")
        raise ValueError

    with pytest.raises(ValueError):
        replace_whole(path, fail)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_was_writing_is_swept_away(tmp_path: Path) -> None:
    (tmp_path / "checkpoint").mkdir()
    kept = tmp_path / "checkpoint" / "000001.npz"
    for path in (tmp_path / f"{WRITING}abc.json", tmp_path / "checkpoint" / f"{WRITING}abc.npz", kept):
        path.write_bytes(b"x")
    sweep(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]
