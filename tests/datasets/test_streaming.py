"""Data left on the disk is, part by part, what it would be in memory."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from mnistspec.datasets import LoadedData, load
from mnistspec.datasets.stored import Stored, whole
from mnistspec.diagnostics import BadData

from .making import data_of

_CHAINS = [
    "[]",
    "[{rescale: 255}]",
    "[{reshape: [12]}, standardize]",
    "[{normalize: {axis: 0}}, {reshape: [-1]}, standardize]",
    "[{cast: int16}, {rescale: 7}, {standardize: {axis: -1}}]",
    "[{resize: [5, 6]}, {expand_dims: -1}, {rescale: 3}]",
]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few values at a time that every pass takes several."""
    monkeypatch.setattr("mnistspec.datasets.stored._VALUES", 40)
    monkeypatch.setattr("mnistspec.datasets.scaling_arrays._CHUNK", 50)


def both(folder: Path, text: str, file: str = "a.npz") -> tuple[LoadedData, LoadedData]:
    data = data_of(f"source: {{npz: {{path: {file}{text}")
    before, streamed = (load(data, seed=7, folder=folder, say=lambda _: None, streamed=on) for on in (False, True))
    return before, streamed


def same(before: LoadedData, streamed: LoadedData) -> None:
    assert (streamed.preparation, streamed.digest, streamed.facts) == (
        before.preparation,
        before.digest,
        before.facts,
    )
    for split in ("train", "validation", "test"):
        wanted, held = getattr(before, split), getattr(streamed, split)
        assert isinstance(held.x["x"], Stored) and held.x["x"].streams
        assert np.array_equal(held.indices, wanted.indices)
        for one, other in (
            (held.x["x"], wanted.x["x"]),
            (held.y["y"], wanted.y["y"]),
            (held.raw["x"], wanted.raw["x"]),
        ):
            found = whole(one)
            assert (found.dtype, found.shape, found.tobytes()) == (other.dtype, other.shape, other.tobytes())
        some = np.array([4, 0, 4, 1])
        assert whole(held.x["x"][some]).tobytes() == wanted.x["x"][some].tobytes()


def save(folder: Path, dtype: str = "uint8") -> None:
    x = np.random.default_rng(0).integers(0, 200, (60, 3, 4)).astype(dtype)
    arrays = {"x_train": x, "y_train": np.arange(60) % 3}
    np.savez(folder / "a.npz", **arrays)
    np.savez_compressed(folder / "packed.npz", **arrays)


@pytest.mark.parametrize("steps", _CHAINS)
@pytest.mark.parametrize("file", ["a.npz", "packed.npz"])
def test_splits_facts_digest_and_preparation_are_those_in_memory(tmp_path: Path, steps: str, file: str) -> None:
    save(tmp_path)
    same(*both(tmp_path, f", test: 0.2}}}}\nvalidation: 0.25\nlimit: {{train: 30}}\nprepare: {{x: {steps}}}", file))


@pytest.mark.parametrize("dtype", [">f4", ">i2", "bool", "float64"])
def test_any_byte_order_and_kind_of_number(tmp_path: Path, dtype: str) -> None:
    save(tmp_path, dtype)
    same(*both(tmp_path, ", test: 0.2}}\nvalidation: 0.25"))


def test_an_autoencoders_targets_are_its_inputs_and_stay_there_too(tmp_path: Path) -> None:
    save(tmp_path)
    before, streamed = both(tmp_path, ", y_train: same, test: 0.2}}\nvalidation: 0.25\nprepare: {x: [{rescale: 9}]}")
    same(before, streamed)
    assert streamed.train.y["y"] is streamed.train.x["x"]


def test_what_cannot_be_read_row_by_row_is_taken_into_memory(tmp_path: Path) -> None:
    x = np.asfortranarray(np.random.default_rng(0).integers(0, 9, (20, 5)).astype("uint8"))
    np.savez(tmp_path / "a.npz", x_train=x, y_train=np.arange(20) % 2)
    before, streamed = both(tmp_path, ", test: 0.2}}")
    assert streamed.digest == before.digest and not isinstance(streamed.train.x["x"], Stored)


def test_a_value_that_is_no_number_is_found_and_its_example_named(tmp_path: Path) -> None:
    x = np.zeros((60, 3), "float32")
    x[47, 1] = np.nan
    np.savez(tmp_path / "a.npz", x_train=x, y_train=np.arange(60) % 2)
    with pytest.raises(BadData, match="example 47"):
        both(tmp_path, "}}")
    with pytest.raises(BadData, match="example 47"):
        load(data_of("source: {npz: {path: a.npz}}"), seed=1, folder=tmp_path, say=print, streamed=True)


def test_values_that_a_step_cannot_take_are_told_before_training(tmp_path: Path) -> None:
    x, y = np.ones((60, 3)), np.arange(60) % 2
    np.savez(tmp_path / "a.npz", x_train=x, y_train=y, x_test=x * 300, y_test=y)
    data = data_of("source: {npz: {path: a.npz}}\nprepare: {x: [{cast: uint8}]}")
    with pytest.raises(BadData, match=r"of the test split, step `cast`.*uint8"):
        load(data, seed=1, folder=tmp_path, say=print, streamed=True)


def test_damage_is_found_by_the_checksum(tmp_path: Path) -> None:
    save(tmp_path)
    content = bytearray((tmp_path / "a.npz").read_bytes())
    content[400] ^= 1
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(BadData, match="not a whole"):
        load(data_of("source: {npz: {path: a.npz}}"), seed=1, folder=tmp_path, say=print, streamed=True)


def test_a_packed_file_without_room_to_unpack_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path)
    monkeypatch.setattr("mnistspec.datasets.unpacked.has_room", lambda size: False)
    with pytest.raises(BadData, match=r"once it is unpacked.*TMPDIR.*numpy\.savez"):
        load(data_of("source: {npz: {path: packed.npz}}"), seed=1, folder=tmp_path, say=print, streamed=True)


def test_all_of_it_is_refused_where_it_has_no_room_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path)
    data = load(data_of("source: {npz: {path: a.npz}}"), seed=1, folder=tmp_path, say=print, streamed=True)
    monkeypatch.setattr("mnistspec.datasets.memory.available_bytes", lambda: 10)
    with pytest.raises(BadData, match="on the disk needs"):
        whole(data.train.x["x"])


@pytest.mark.parametrize("room", [True, False], ids=["decoded once", "decoded as taken"])
def test_pictures_are_those_decoded_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: bool) -> None:
    image = pytest.importorskip("PIL.Image")
    for name, shade in (("a", 10), ("b", 90)):
        (tmp_path / "set" / name).mkdir(parents=True)
        for number in range(15):
            image.new("RGB", (9, 7), (shade, number, 3)).save(tmp_path / "set" / name / f"{number}.png")
    monkeypatch.setattr("mnistspec.datasets.picture_streams.has_room", lambda size: room)
    monkeypatch.setattr("mnistspec.datasets.picture_streams._AT_ONCE", 1000)
    text = "source: {images: {path: set, image_size: [8, 8]}}\nvalidation: 0.25\nprepare: {x: [standardize]}"
    same(*(load(data_of(text), seed=7, folder=tmp_path, say=lambda _: None, streamed=on) for on in (False, True)))


@pytest.mark.parametrize("changed", ["overwritten", "shorter"])
def test_a_file_that_is_written_to_meanwhile_is_told(tmp_path: Path, changed: str) -> None:
    path = tmp_path / "a.npz"
    held_out = {"x_test": np.zeros((5, 3), np.uint8), "y_test": np.zeros(5, np.int64)}
    np.savez(path, x_train=np.zeros((50, 3), np.uint8), y_train=np.zeros(50, np.int64), **held_out)
    data = load(data_of("source: {npz: {path: a.npz}}"), seed=1, folder=tmp_path, say=print, streamed=True)
    assert data.train.x["x"][:5].whole().shape == (5, 3)
    os.utime(path, ns=(0, 0)) if changed == "overwritten" else os.truncate(path, 100)
    with pytest.raises(BadData, match=r"a\.npz: was written to while it was read"):
        data.train.x["x"][:5].whole()


def test_a_file_that_is_replaced_meanwhile_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    held_out = {"x_test": np.zeros((5, 3), np.uint8), "y_test": np.zeros(5, np.int64)}
    np.savez(path, x_train=np.ones((50, 3), np.uint8), y_train=np.zeros(50, np.int64), **held_out)
    data = load(data_of("source: {npz: {path: a.npz}}"), seed=1, folder=tmp_path, say=print, streamed=True)
    path.unlink()
    path.write_bytes(b"other")
    assert data.train.x["x"][:5].whole().min() == 1
