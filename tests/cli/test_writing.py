"""A file that was asked for is written whole, or left as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnistspec.cli.writing import write_file
from mnistspec.diagnostics import OutputFailed, UsageError


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.write_text("old")
    write_file(file, "é\n")
    assert file.read_bytes() == "é\n".encode()
    assert list(tmp_path.iterdir()) == [file]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "out"
    file.write_text("old")

    def full(self: Path, *_: object, **__: object) -> None:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputFailed, match="No space left on device"):
        write_file(file, "new")
    assert file.read_text() == "old" and list(tmp_path.iterdir()) == [file]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputFailed, match="cannot be written"):
        write_file(tmp_path, "new")
    with pytest.raises(UsageError, match="there is no folder"):
        write_file(tmp_path / "absent" / "out", "new")
