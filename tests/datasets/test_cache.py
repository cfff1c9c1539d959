from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnistspec.datasets import cache
from mnistspec.datasets.cached_files import FileState, path_of
from mnistspec.datasets.sources import fashion_mnist
from mnistspec.datasets.sources.base import CachedFile, DataSource
from mnistspec.diagnostics import BadData, DataUnavailable, UsageError

from .serving import serving

WHOLE = b"the published bytes"


@pytest.fixture
def toy(keras_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CachedFile]:
    """A published data set `toy` of one file, served on this machine."""
    monkeypatch.setenv("no_proxy", "*")
    with serving(WHOLE) as url:
        file = CachedFile("toy.npz", url, hashlib.sha256(WHOLE).hexdigest())
        source = fashion_mnist.SOURCE
        monkeypatch.setitem(cache.SOURCES, "toy", DataSource(source.facts, source.load, (file,)))  # type: ignore[arg-type]
        yield file


def put(file: CachedFile, content: bytes) -> None:
    path_of(file).parent.mkdir(parents=True, exist_ok=True)
    path_of(file).write_bytes(content)


def test_every_published_set_is_listed(keras_home: Path) -> None:
    found = {state.name: state for state in cache.states()}
    assert list(found) == [
        "mnist", "fashion_mnist", "cifar10", "cifar100", "imdb", "reuters", "boston_housing", "california_housing",
        "mnist_sample",
    ]  # fmt: skip
    assert not found["mnist"].present and not found["mnist"].usable and found["mnist"].bytes == 0
    assert found["mnist_sample"].usable and found["mnist_sample"].packaged and found["mnist_sample"].bytes == 830_546
    assert len(found["fashion_mnist"].files) == 4


def test_fetching_downloads_what_is_absent_once(toy: CachedFile) -> None:
    said: list[str] = []
    state = cache.fetch("toy", said.append)
    assert state.usable and state.bytes == len(WHOLE)
    cache.fetch("toy", said.append)
    assert said[-1].endswith("is there already")


def test_fetching_replaces_a_damaged_file_and_keeps_it_aside(toy: CachedFile) -> None:
    put(toy, b"damaged")
    assert cache.state("toy").files[0].state is FileState.DAMAGED
    cache.fetch("toy", lambda _: None)
    assert path_of(toy).read_bytes() == WHOLE
    assert path_of(toy).with_name("toy.npz.damaged").read_bytes() == b"damaged"


def test_a_fetch_that_fails_leaves_everything_as_it_was(toy: CachedFile, monkeypatch: pytest.MonkeyPatch) -> None:
    put(toy, b"damaged")
    monkeypatch.setattr("mnistspec.datasets.download._pieces", lambda url, say: iter([b"something else"]))
    with pytest.raises(DataUnavailable, match=r"mnistspec data import toy FILE"):
        cache.fetch("toy", lambda _: None)
    assert [path.name for path in path_of(toy).parent.iterdir()] == ["toy.npz"]
    assert path_of(toy).read_bytes() == b"damaged"


def test_importing_takes_the_published_file_alone(toy: CachedFile, tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(WHOLE)
    (tmp_path / "bad").write_bytes(b"damaged")
    assert cache.import_file("toy", tmp_path / "good") == (path_of(toy),)
    with pytest.raises(BadData, match=r"bad is no file of toy: the digest differs from that of data\.npz"):
        cache.import_file("toy", tmp_path / "bad")
    assert path_of(toy).read_bytes() == WHOLE
    assert cache.import_file("toy", path_of(toy)) == (path_of(toy),)


def test_importing_over_a_damaged_file_keeps_it_aside(toy: CachedFile, tmp_path: Path) -> None:
    put(toy, b"damaged")
    (tmp_path / "good").write_bytes(WHOLE)
    cache.import_file("toy", tmp_path / "good")
    assert path_of(toy).read_bytes() == WHOLE
    assert path_of(toy).with_name("toy.npz.damaged").read_bytes() == b"damaged"


def test_importing_from_a_folder_takes_what_belongs(toy: CachedFile, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "renamed.bin").write_bytes(WHOLE)
    (folder / "other.txt").write_bytes(b"not ours")
    assert cache.import_file("toy", folder) == (path_of(toy),)


def test_unknown_names_and_paths(keras_home: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no data set `minst` to fetch or import; there are mnist, fashion_mnist"):
        cache.fetch("minst", lambda _: None)
    with pytest.raises(UsageError, match="there is no such file"):
        cache.import_file("mnist", tmp_path / "none.npz")
