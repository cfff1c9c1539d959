"""`mnistspec data`: what is here is told by digest, and what is brought in is what was published."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from mnistspec import datasets
from mnistspec.datasets import cache as cache_of_keras
from mnistspec.datasets.sources import mnist, mnist_sample
from mnistspec.datasets.sources.base import CachedFile
from mnistspec.datasets.sources.mnist_sample import SHA256

SETS = [
    "mnist", "fashion_mnist", "cifar10", "cifar100", "imdb", "reuters", "boston_housing", "california_housing",
    "mnist_sample",
]  # fmt: skip


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of Keras: the folder that data sets go to."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    (tmp_path / "keras").mkdir()
    return tmp_path / "keras" / "datasets"


@pytest.fixture
def small_mnist(monkeypatch: pytest.MonkeyPatch) -> CachedFile:
    """MNIST's file, for the time of a test, is the packaged sample, so that there is a right file to bring in."""
    file = CachedFile("mnist.npz", "http://localhost:1/mnist.npz", SHA256)
    sources = {**datasets.SOURCES, "mnist": replace(mnist.SOURCE, files=(file,))}
    monkeypatch.setattr(cache_of_keras, "SOURCES", sources)
    return file


def listed(command) -> dict[str, dict[str, object]]:
    return {entry["name"]: entry for entry in json.loads(command("data", "list", "--json").out)}


def test_lists_every_data_set_with_what_is_known_of_it(command, cache: Path) -> None:
    done = command("data", "list")
    assert done.code == 0 and [line.split()[0] for line in done.out.splitlines()[2:11]] == SETS
    sets = listed(command)
    assert sets["mnist"]["state"] == "absent" and sets["mnist"]["examples"] == 70_000
    assert sets["cifar100"]["shape"] == [32, 32, 3] and sets["cifar100"]["classes"] == 100
    assert sets["boston_housing"]["classes"] is None and len(sets["fashion_mnist"]["files"]) == 4
    assert sets["mnist_sample"]["state"] == "ready" and sets["mnist_sample"]["examples"] == 5000


def test_a_damaged_file_is_not_called_ready(command, cache: Path) -> None:
    cache.mkdir()
    (cache / "mnist.npz").write_bytes(b"half a download")
    assert listed(command)["mnist"]["state"] == "damaged"


def test_imports_the_right_file_and_no_other(command, cache: Path, small_mnist: CachedFile, tmp_path: Path) -> None:
    (tmp_path / "wrong.npz").write_bytes(b"something else")
    done = command("data", "import", "mnist", tmp_path / "wrong.npz")
    assert done.code == 2 and "digest" in done.err and not cache.exists()
    shutil.copy(mnist_sample.PATH, tmp_path / "downloaded.npz")
    done = command("data", "import", "mnist", tmp_path / "downloaded.npz")
    assert done.code == 0 and "mnist: ready" in done.out and (cache / "mnist.npz").is_file()
    assert listed(command)["mnist"]["state"] == "ready"


def test_fetch_without_a_network_says_the_way_out(command, cache: Path, small_mnist: CachedFile) -> None:
    done = command("data", "fetch", "mnist")
    assert done.code == 2 and "mnistspec data import mnist FILE" in done.err
    assert not list(cache.glob("*"))


def test_nothing_is_fetched_when_one_of_the_names_is_wrong(command, cache: Path, small_mnist: CachedFile) -> None:
    done = command("data", "fetch", "mnist", "fashon_mnist")
    assert done.code == 2 and "fashon_mnist" in done.err and "localhost" not in done.err
    assert command("data", "import", "nothing", "a.npz").code == 2


def test_help_has_an_example(command) -> None:
    for name in ("list", "fetch", "import"):
        assert f"Example: mnistspec data {name}" in command("data", name, "--help").out
