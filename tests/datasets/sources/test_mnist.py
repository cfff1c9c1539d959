from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from mnistspec.datasets import keras_sets
from mnistspec.datasets.cached_files import FileState, path_of, state_of
from mnistspec.datasets.download import Unreachable
from mnistspec.datasets.sources import mnist, mnist_sample
from mnistspec.diagnostics import DataUnavailable

from ..making import loaded

# Where the complete MNIST may lie: named by a variable, or in the user's own cache.
FULL_MNIST = [
    path
    for path in (Path(os.environ.get("MNISTSPEC_FULL_MNIST", "")), Path("~/.keras/datasets/mnist.npz").expanduser())
    if path.is_file()
]
SMALL = {
    "x_train": np.arange(20 * 28 * 28, dtype=np.uint32).astype(np.uint8).reshape(20, 28, 28),
    "y_train": np.tile(np.arange(10, dtype=np.uint8), 2),
    "x_test": np.zeros((10, 28, 28), np.uint8),
    "y_test": np.arange(10, dtype=np.uint8),
}


@pytest.fixture
def small_mnist(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets 30 made-up digits pass for MNIST: the digests are theirs."""
    digests = {
        name: (array.shape, hashlib.md5(mnist.idx_header(array.shape) + array.tobytes()).hexdigest())
        for name, array in SMALL.items()
    }
    monkeypatch.setattr(mnist, "IDX_MD5", digests)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> None:
        raise Unreachable("no route to host")

    monkeypatch.setattr(keras_sets, "download", unreachable)


def place() -> Path:
    target = path_of(mnist.FILES[0])
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def test_idx_headers_are_those_of_the_original_files() -> None:
    assert mnist.idx_header((60000, 28, 28)).hex() == "00000803" + "0000ea60" + "0000001c" * 2
    assert mnist.idx_header((10000,)).hex() == "00000801" + "00002710"


def test_another_file_with_mnist_in_it_is_read_and_named(
    keras_home: Path, small_mnist: None, offline: None, tmp_path: Path
) -> None:
    np.savez(place(), **SMALL)
    before = place().read_bytes()
    data = loaded("source: mnist", tmp_path)
    assert np.array_equal(data.train.x["x"], SMALL["x_train"]) and data.origin == "mnist"
    assert "its arrays are MNIST's by their published MD5 sums" in data.notes[0]
    assert place().read_bytes() == before


@pytest.mark.parametrize("change", ["label", "dtype", "order", "missing", "cut", "text"])
def test_a_damaged_file_is_refused_and_left_alone(
    keras_home: Path, small_mnist: None, offline: None, tmp_path: Path, change: str
) -> None:
    arrays = dict(SMALL)
    if change == "label":
        arrays["y_test"] = arrays["y_test"][::-1].copy()
    elif change == "dtype":
        arrays["y_train"] = arrays["y_train"].astype(np.int64)
    elif change == "order":
        arrays["x_train"] = np.asfortranarray(arrays["x_train"])
    elif change == "missing":
        del arrays["x_test"]
    np.savez(place(), **arrays)
    if change == "cut":
        place().write_bytes(place().read_bytes()[:-100])
    elif change == "text":
        place().write_text("<html>not found</html>")
    before = place().read_bytes()
    with pytest.raises(DataUnavailable, match=r"mnist\.npz is damaged: .* `mnistspec data fetch mnist`"):
        loaded("{source: mnist, offline: mnist_sample}", tmp_path)
    assert place().read_bytes() == before


def test_without_network_there_are_three_ways_out(keras_home: Path, offline: None, tmp_path: Path) -> None:
    with pytest.raises(DataUnavailable) as caught:
        loaded("source: mnist", tmp_path)
    text = str(caught.value)
    assert "cannot be downloaded (no route to host)" in text and text.count(". ") == 0
    for way in (
        "`mnistspec data fetch mnist`",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
        "`mnistspec data import mnist FILE`",
        "`offline: mnist_sample` under `data` (`--set data.offline=mnist_sample`)",
    ):
        assert way in text


def test_where_the_spec_allows_it_the_sample_stands_in_and_says_so(
    keras_home: Path, offline: None, tmp_path: Path
) -> None:
    said: list[str] = []
    data = loaded("{source: mnist, offline: mnist_sample}", tmp_path, say=said.append)
    assert (data.origin, data.train.size) == ("mnist_sample", 4000)
    assert "stands in for it" in data.notes[0] and said == [f"WARNING: {data.notes[0]}"]
    assert data.digest == loaded("source: mnist_sample", tmp_path).digest


def test_the_sample_stands_in_for_mnist_alone(keras_home: Path, offline: None, tmp_path: Path) -> None:
    with pytest.raises(DataUnavailable, match=r"`offline: mnist_sample` stands in for mnist alone") as caught:
        loaded("{source: fashion_mnist, offline: mnist_sample}", tmp_path)
    assert "`source: {npz: {path: FILE}}`" in str(caught.value)


@pytest.mark.skipif(not FULL_MNIST, reason="the complete MNIST is not on this machine")
def test_the_complete_mnist(keras_home: Path, offline: None, tmp_path: Path) -> None:
    shutil.copyfile(FULL_MNIST[0], place())
    if state_of(mnist.FILES[0]) is FileState.GOOD:
        pytest.skip("this is the very file that Keras publishes")
    data = loaded("{source: mnist, validation: 0.1}", tmp_path)
    assert (data.train.size, data.validation.size, data.test.size) == (54_000, 6_000, 10_000)
    known = {image.tobytes() for image in data.train.x["x"]} | {image.tobytes() for image in data.validation.x["x"]}
    sample = np.load(mnist_sample.PATH)
    assert all(image.tobytes() in known for image in (*sample["x_train"], *sample["x_test"]))
