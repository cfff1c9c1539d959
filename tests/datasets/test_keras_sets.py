from __future__ import annotations

import builtins
import gzip
import hashlib
import io
import pickle
import tarfile
from pathlib import Path

import numpy as np
import pytest

from mnistspec.datasets import SOURCES, keras_sets
from mnistspec.datasets.cached_files import path_of
from mnistspec.datasets.sources import cifar100, fashion_mnist, imdb, reuters
from mnistspec.datasets.sources.base import CachedFile
from mnistspec.diagnostics import BadData, DataUnavailable, MissingExtra

from .making import loaded

PIXELS = np.arange(4 * 784, dtype=np.uint32).astype(np.uint8).reshape(4, 28, 28)


def put(module: object, contents: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts files into the cache and lets them pass for the published ones."""
    made = []
    for file in module.FILES:  # type: ignore[attr-defined]
        content = contents[Path(file.path).name]
        path_of(file).parent.mkdir(parents=True, exist_ok=True)
        path_of(file).write_bytes(content)
        made.append(CachedFile(file.path, file.url, hashlib.md5(content).hexdigest(), "md5"))
    monkeypatch.setattr(module, "FILES", tuple(made))


def idx_files() -> dict[str, bytes]:
    return {
        f"{split}-{kind}.gz": gzip.compress(bytes(head) + data)
        for split in ("train", "t10k")
        for kind, head, data in (("images-idx3-ubyte", 16, PIXELS.tobytes()), ("labels-idx1-ubyte", 8, bytes(range(4))))
    }


def npz_of(**arrays: object) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def sequences(*lists: list[int]) -> np.ndarray:
    array = np.empty(len(lists), dtype=object)
    array[:] = lists
    return array


def test_files_are_checked_before_keras_sees_them(
    keras_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(fashion_mnist, idx_files(), monkeypatch)
    seen: list[str] = []

    def keras_arrays(name: str, options: object) -> object:
        seen.append(name)
        return (PIXELS, np.arange(4)), (PIXELS[:2], np.arange(2))

    monkeypatch.setattr(keras_sets, "keras_arrays", keras_arrays)
    assert loaded("source: fashion_mnist", tmp_path).train.size == 4
    damaged = path_of(fashion_mnist.FILES[2])
    damaged.write_bytes(b"damaged")
    with pytest.raises(DataUnavailable, match="is damaged: it is not the published file of fashion_mnist"):
        loaded("source: fashion_mnist", tmp_path)
    assert seen == ["fashion_mnist"] and damaged.read_bytes() == b"damaged"


def test_without_keras_the_line_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    importing = builtins.__import__

    def without_keras(name: str, *rest: object) -> object:
        if name == "keras":
            raise ModuleNotFoundError("No module named 'keras'", name="keras")
        return importing(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without_keras)
    with pytest.raises(MissingExtra, match=r"pip install 'mnistspec\[cpu\]'"):
        keras_sets.keras_arrays("mnist", {})


@pytest.fixture
def through_keras(keras_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keras itself, pointed at the empty home, its own digests not asked for."""
    from keras.src.backend import config
    from keras.src.utils import file_utils

    monkeypatch.setattr(config, "_KERAS_DIR", str(keras_home))
    monkeypatch.setattr(file_utils, "validate_file", lambda *_, **__: True)

    def no_network(*_: object) -> None:
        raise AssertionError("Keras went to the network")

    monkeypatch.setattr(file_utils, "urlretrieve", no_network)


@pytest.mark.keras
def test_keras_reads_fashion_mnist_where_we_checked_it(
    through_keras: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(fashion_mnist, idx_files(), monkeypatch)
    data = loaded("source: fashion_mnist", tmp_path)
    assert np.array_equal(data.train.x["x"], PIXELS) and data.train.y["y"].tolist() == [0, 1, 2, 3]
    assert data.class_names == fashion_mnist.CLOTHES and data.origin == "fashion_mnist"
    assert capsys.readouterr().out == ""


@pytest.mark.keras
def test_keras_reads_cifar100_with_the_label_mode_asked_for(
    through_keras: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name in ("train", "test"):
            labels = {b"fine_labels": [7, 99], b"coarse_labels": [1, 19]}
            content = pickle.dumps({b"data": np.zeros((2, 3072), np.uint8), **labels}, protocol=4)
            entry = tarfile.TarInfo(f"cifar-100-python/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    put(cifar100, {"cifar-100-python-target_archive": stream.getvalue()}, monkeypatch)
    data = loaded("source: {cifar100: {label_mode: coarse}}", tmp_path)
    assert data.train.x["x"].shape == (2, 32, 32, 3) and data.train.y["y"].tolist() == [[1], [19]]
    assert data.facts.y["y"].classes == 20


@pytest.mark.keras
def test_keras_reads_reviews_as_sequences_to_be_padded(
    through_keras: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = sequences([1, 2, 3], [4], [5, 90])
    labels = np.array([0, 1, 1])
    put(imdb, {"imdb.npz": npz_of(x_train=words, y_train=labels, x_test=words, y_test=labels)}, monkeypatch)
    data = loaded("{source: {imdb: {num_words: 50}}, prepare: {x: [{pad_sequences: 4}]}}", tmp_path)
    assert sorted(data.test.x["x"].tolist()) == [[0, 0, 1, 7], [0, 1, 8, 2], [1, 4, 5, 6]]
    assert data.facts.x["x"].dtype == "int32"
    with pytest.raises(BadData, match=r"differ in length.*pad_sequences"):
        loaded("source: imdb", tmp_path)
    with pytest.raises(BadData, match="imdb: After filtering"):
        loaded("source: {imdb: {maxlen: 1}}", tmp_path)


@pytest.mark.keras
def test_keras_splits_reuters_as_the_facts_foretell(
    through_keras: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = sequences(*([index, index + 1] for index in range(10)))
    put(reuters, {"reuters.npz": npz_of(x=words, y=np.arange(10))}, monkeypatch)
    data = loaded("{source: {reuters: {test_split: 0.3}}, prepare: {x: [pad_sequences]}}", tmp_path)
    assert (data.train.size, data.test.size, data.train.x["x"].shape) == (7, 3, (7, 3))


@pytest.mark.keras
@pytest.mark.parametrize(("name", "features"), [("boston_housing", 13), ("california_housing", 8)])
def test_keras_reads_houses(
    through_keras: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, features: int
) -> None:
    from mnistspec.datasets.sources import boston_housing, california_housing

    module = {"boston_housing": boston_housing, "california_housing": california_housing}[name]
    content = npz_of(x=np.ones((10, features)), y=np.linspace(1, 50, 10))
    put(module, {f"{name}.npz": content}, monkeypatch)
    data = loaded(f"{{source: {{{name}: {{test_split: 0.2}}}}, prepare: {{x: [standardize]}}}}", tmp_path)
    assert (data.train.size, data.test.size) == (8, 2)
    assert data.facts.x["x"].shape == (features,) and data.facts.y["y"].classes is None


@pytest.mark.keras
def test_addresses_names_and_digests_are_those_that_keras_uses(
    keras_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib

    class Asked(Exception):
        pass

    for name, source in SOURCES.items():
        if not source.files:
            continue
        module, asked = importlib.import_module(f"keras.src.datasets.{name}"), []

        def get_file(fname: str, origin: str, asked: list[object] = asked, **options: object) -> str:
            asked.append((fname, origin, options))
            if len(asked) == len(SOURCES[name].files):  # noqa: B023
                raise Asked
            return fname

        monkeypatch.setattr(module, "get_file", get_file)
        with pytest.raises(Asked):
            module.load_data()
        for file, (fname, origin, options) in zip(source.files, asked, strict=True):
            folder = str(options.get("cache_subdir", "datasets"))
            stored = fname + ("_archive" if options.get("extract") else "")
            assert (f"datasets/{file.path}", file.url) == (f"{folder}/{stored}", origin)
            assert options.get("file_hash", file.digest) == file.digest
