"""Inputs that are held as they are stored are, prepared, the very bits of those prepared beforehand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnistspec.datasets import LoadedData, load
from mnistspec.datasets.stored import Stored, whole
from mnistspec.diagnostics import BadData

from .making import data_of

_CHAINS = [
    "[{rescale: 255}]",
    "[{rescale: 3.7}, {expand_dims: -1}]",
    "[{reshape: [12]}, standardize]",
    "[standardize]",
    "[{normalize: {axis: 0}}, {reshape: [-1]}]",
    "[{cast: float32}, {rescale: 7}, {standardize: {axis: -1}}]",
]


def both(steps: str, folder: Path) -> tuple[LoadedData, LoadedData]:
    """The file `a.npz` in a folder, prepared beforehand and held as it is stored."""
    data = data_of(f"source: {{npz: {{path: a.npz}}}}\nvalidation: 0.2\nprepare: {{x: {steps}}}")
    before, later = (load(data, seed=7, folder=folder, say=print, stored=stored) for stored in (False, True))
    return before, later


def save(folder: Path, dtype: str, shape: tuple[int, ...] = (3, 4), test: tuple[int, ...] | None = None) -> None:
    random = np.random.default_rng(0)
    low, high = (0, 2) if dtype == "bool" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    x, y = random.integers(low, high, (40, *shape)).astype(dtype), np.arange(40) % 2
    np.savez(folder / "a.npz", x_train=x, y_train=y, x_test=x[:8].reshape(8, *(test or shape)), y_test=y[:8])


@pytest.mark.parametrize("steps", _CHAINS)
@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "uint16", "int16"])
def test_every_split_is_prepared_to_the_same_bits(tmp_path: Path, dtype: str, steps: str) -> None:
    save(tmp_path, dtype)
    before, later = both(steps, tmp_path)
    for split in ("train", "validation", "test"):
        wanted, held = getattr(before, split).x["x"], getattr(later, split).x["x"]
        assert isinstance(held, Stored) and held.raw.dtype == dtype
        found = held.whole()
        assert (found.dtype, found.shape, found.tobytes()) == (wanted.dtype, wanted.shape, wanted.tobytes())
        assert held[2:5].whole().tobytes() == wanted[2:5].tobytes()


@pytest.mark.parametrize("steps", _CHAINS)
def test_all_else_that_is_known_of_the_data_is_the_same(tmp_path: Path, steps: str) -> None:
    save(tmp_path, "uint8")
    before, later = both(steps, tmp_path)
    assert (later.preparation, later.digest, later.facts) == (before.preparation, before.digest, before.facts)
    assert later.facts.waiting["x"].array.dtype == "uint8"


def test_what_cannot_wait_is_prepared_beforehand(tmp_path: Path) -> None:
    save(tmp_path, "int16")
    before, later = both("[{rescale: 1e-9}]", tmp_path)
    assert not isinstance(later.train.x["x"], Stored)
    assert np.array_equal(later.train.x["x"], whole(before.train.x["x"]))


def test_learnt_numbers_too_large_for_a_graph_are_divided_by_beforehand(tmp_path: Path) -> None:
    x = np.zeros((8, 3), np.uint16)
    x[0] = 65535
    np.savez(tmp_path / "a.npz", x_train=x, y_train=np.arange(8) % 2, x_test=x, y_test=np.arange(8) % 2)
    before, later = both("[{rescale: 1e-6}, standardize]", tmp_path)
    assert not isinstance(later.train.x["x"], Stored)
    assert whole(later.test.x["x"]).tobytes() == whole(before.test.x["x"]).tobytes()


def test_inputs_that_are_what_is_learnt_lie_in_memory_once(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x_train=np.arange(40, dtype=np.uint8).reshape(10, 4))
    text = "source: {npz: {path: a.npz, y_train: same}}\nprepare: {x: [{rescale: 9}]}"
    data = load(data_of(text), seed=7, folder=tmp_path, say=print, stored=True)
    assert data.train.x["x"] is data.train.y["y"] and isinstance(data.train.y["y"], Stored)


def test_examples_of_another_shape_are_told_at_once(tmp_path: Path) -> None:
    save(tmp_path, "uint8", test=(4, 3))
    with pytest.raises(BadData, match=r"of the test split.*standardize.*4 values"):
        both("[{standardize: {axis: -1}}]", tmp_path)
