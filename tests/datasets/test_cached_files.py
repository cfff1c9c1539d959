from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from mnistspec.datasets.cached_files import FileState, datasets_folder, path_of, state_of
from mnistspec.datasets.sources.base import CachedFile

FILE = CachedFile("sub/a.bin", "http://example.invalid/a.bin", hashlib.sha256(b"whole").hexdigest())


def test_keras_home_is_respected(keras_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert path_of(FILE) == keras_home / "datasets" / "sub" / "a.bin"
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert datasets_folder() == tmp_path / ".keras" / "datasets"


def test_a_home_that_may_not_be_written_is_left_for_the_temporary_folder_as_keras_does(
    keras_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != keras_home and allowed(path, mode))
    assert datasets_folder() == Path("/tmp/.keras/datasets")


def test_the_state_of_a_file_goes_by_its_digest(keras_home: Path) -> None:
    assert state_of(FILE) is FileState.ABSENT
    path_of(FILE).parent.mkdir(parents=True)
    path_of(FILE).write_bytes(b"whole")
    assert state_of(FILE) is FileState.GOOD
    path_of(FILE).write_bytes(b"half")
    assert state_of(FILE) is FileState.DAMAGED


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
def test_both_kinds_of_digest(tmp_path: Path, algorithm: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"whole")
    digest = hashlib.new(algorithm, b"whole").hexdigest()
    assert state_of(CachedFile("a", "", digest, algorithm), path) is FileState.GOOD
