"""Paths as servers know them: from the root of the repository, wherever in it the command ran."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnistspec.formats.places import repository_path


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "repository" / "models" / "specs").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repository" / "models")
    return tmp_path / "repository"


def test_from_the_folder_that_git_knows(repository: Path) -> None:
    (repository / ".git").mkdir()
    assert repository_path("specs/a.yaml") == "models/specs/a.yaml"
    assert repository_path("./specs/../a.yaml") == "models/a.yaml"
    assert repository_path(str(repository / "b.yaml")) == "b.yaml"


def test_from_the_folder_that_the_server_names(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(repository.parent))
    assert repository_path("a.yaml") == "repository/models/a.yaml"


def test_from_here_where_there_is_no_repository() -> None:
    assert repository_path("specs/a.yaml") == "specs/a.yaml"


def test_outside_of_it_a_path_is_whole(repository: Path) -> None:
    (repository / ".git").mkdir()
    assert repository_path("../../a.yaml") == (repository.parent / "a.yaml").as_posix()


def test_standard_input_is_no_file() -> None:
    assert repository_path("<stdin>") == "<stdin>"
