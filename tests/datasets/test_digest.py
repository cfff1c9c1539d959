from __future__ import annotations

import numpy as np

from mnistspec.datasets.digest import data_digest
from mnistspec.datasets.loaded import RawSplit


def digest(x: np.ndarray, name: str = "x", split: str = "train") -> str:
    return data_digest({split: RawSplit({name: x}, {"y": np.zeros(2)})})


def ragged(*sequences: list[int]) -> np.ndarray:
    array = np.empty(len(sequences), dtype=object)
    array[:] = [np.array(sequence, np.int32) for sequence in sequences]
    return array


def test_the_bytes_count_and_not_how_the_machine_holds_them() -> None:
    array = np.arange(6, dtype=np.int32).reshape(2, 3)
    assert digest(array) == digest(np.asfortranarray(array)) == digest(array.astype(">i4")) == digest(array[:, :])


def test_values_names_shapes_dtypes_and_splits_all_count() -> None:
    array = np.arange(6, dtype=np.int32).reshape(2, 3)
    found = {
        digest(array), digest(array + 1), digest(array, "z"), digest(array.reshape(2, 3, 1)),
        digest(array.view(np.uint32)), digest(array, split="test"),
    }  # fmt: skip
    assert len(found) == 6


def test_sequences_and_text_are_told_apart_by_their_ends() -> None:
    assert digest(ragged([1, 2], [3])) != digest(ragged([1], [2, 3]))
    assert digest(np.array(["ab", "c"], dtype=object)) != digest(np.array(["a", "bc"], dtype=object))
    assert digest(np.array(["é", ""], dtype=object)) == digest(np.array(["é", ""], dtype=object))
