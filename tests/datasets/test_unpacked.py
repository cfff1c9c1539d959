from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from mnistspec.datasets import unpacked


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's temporary folder, beside one for larger files; nobody has set another."""
    (tmp_path / "small").mkdir()
    (tmp_path / "large").mkdir()
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "small"))
    monkeypatch.setattr(unpacked, "_ON_DISK", tmp_path / "large")
    monkeypatch.setattr(unpacked, "_MOUNTS", tmp_path / "mounts")
    return tmp_path / "small"


@pytest.mark.parametrize(("kind", "expected"), [("tmpfs", "large"), ("ext4", "small")])
def test_examples_that_have_no_room_in_memory_are_not_unpacked_into_it(
    temporary: Path, kind: str, expected: str
) -> None:
    (temporary.parent / "mounts").write_text(f"proc /proc proc rw 0 0\nsome {temporary} {kind} rw 0 0\n")
    assert unpacked.place().name == expected


def test_the_folder_that_was_set_is_taken(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (temporary.parent / "mounts").write_text(f"some {temporary} tmpfs rw 0 0\n")
    monkeypatch.setenv("TMPDIR", str(temporary))
    assert unpacked.place() == temporary


def test_where_file_systems_are_not_listed_the_usual_folder_is_taken(temporary: Path) -> None:
    assert unpacked.place() == temporary
