from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from mnistspec.datasets import download as module
from mnistspec.datasets.download import Unreachable, download
from mnistspec.datasets.sources.base import CachedFile
from mnistspec.diagnostics import OutputFailed

from .serving import serving

CONTENT = bytes(range(256)) * 8000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_whole_file_is_put_in_place_and_its_progress_told(tmp_path: Path) -> None:
    said: list[str] = []
    target = tmp_path / "new" / "data.npz"
    with serving(CONTENT) as url:
        download(CachedFile("data.npz", url, DIGEST), target, said.append)
    assert target.read_bytes() == CONTENT and left_in(target.parent) == ["data.npz"]
    assert said[0] == "downloading data.npz (2.0 MB)" and said[-1] == "downloading data.npz: 100%"
    assert len(said) <= 11


@pytest.mark.parametrize(
    ("content", "served", "reason"),
    [
        (CONTENT, {"status": 404}, "the server answers 404"),
        (b"<html>log in first</html>", {}, "what the server sent is not the published file"),
        (CONTENT[:5000], {"announced": len(CONTENT)}, "what the server sent is not the published file"),
        (CONTENT, {"stall": True}, "no answer within"),
    ],
)
def test_nothing_is_left_of_a_download_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, served: dict[str, int], reason: str
) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 0.3)
    target = tmp_path / "data.npz"
    target.write_bytes(b"what was there before")
    with serving(content, **served) as url, pytest.raises(Unreachable, match=reason):
        download(CachedFile("data.npz", url, DIGEST), target, lambda _: None)
    assert left_in(tmp_path) == ["data.npz"] and target.read_bytes() == b"what was there before"


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with serving(b"") as url:
        pass
    with pytest.raises(Unreachable, match="refused"):
        download(CachedFile("data.npz", url, DIGEST), tmp_path / "data.npz", lambda _: None)
    assert left_in(tmp_path) == []


def test_a_flood_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LARGEST", 1000)
    with serving(CONTENT) as url, pytest.raises(Unreachable, match="more than any published file"):
        download(CachedFile("data.npz", url, DIGEST), tmp_path / "data.npz", lambda _: None)


def test_stopping_it_by_hand_leaves_nothing(tmp_path: Path) -> None:
    def stop(_: str) -> None:
        raise KeyboardInterrupt

    with serving(CONTENT) as url, pytest.raises(KeyboardInterrupt):
        download(CachedFile("data.npz", url, DIGEST), tmp_path / "data.npz", stop)
    assert left_in(tmp_path) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way of a folder")
    with serving(CONTENT) as url, pytest.raises(OutputFailed, match="cannot be written"):
        download(CachedFile("data.npz", url, DIGEST), tmp_path / "file" / "data.npz", lambda _: None)
