"""A large table of one's own: the arrays of a small one, their inputs left on the disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnistspec.datasets import csv_streams
from mnistspec.datasets.csv_streams import read_like
from mnistspec.datasets.layouts import TableLayout
from mnistspec.datasets.stored import Stored, whole
from mnistspec.diagnostics import BadData

LAYOUT = TableLayout(
    features={"sizes": ("a", "b"), "town": ("town",)},
    labels={"y": "kind", "z": "number"},
    categories={"town": ("X", "Y")},
    classes={"kind": ("cat", "dog")},
)
ROWS = [f"{i},{i / 8},{'XYZ'[i % 3]},{('cat', 'dog')[i % 2]},{i}" for i in range(50)]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said; every file is large from now on, and few values are read at a time."""
    monkeypatch.setattr(csv_streams, "LARGE", 0)
    monkeypatch.setattr(csv_streams, "_VALUES", 40)
    return []


def table(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join(["a,b,town,kind,number", *rows]))
    return path


def test_the_arrays_are_those_of_a_table_that_is_read_as_a_whole(tmp_path: Path, said: list[str]) -> None:
    path = table(tmp_path / "a.csv", ROWS)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(csv_streams, "LARGE", 2**26)
        small = read_like(path, LAYOUT, said.append)
    large = read_like(path, LAYOUT, said.append)
    assert said == [f"unpacking {path} into {csv_streams.place()}, for this run only"]
    for one, other in ((small.x, large.x), (small.y, large.y)):
        assert one.keys() == other.keys()
        for name, array in one.items():
            assert np.array_equal(whole(array), whole(other[name])) and array.dtype == other[name].dtype
    assert all(isinstance(array, Stored) and array.streams for array in large.x.values())
    assert not any(isinstance(array, Stored) for array in large.y.values())


def test_numbers_are_no_integers_where_one_of_them_is_none(tmp_path: Path, said: list[str]) -> None:
    read = read_like(table(tmp_path / "a.csv", [*ROWS, "1,1,X,cat,0.5"]), LAYOUT, said.append)
    assert read.y["z"].dtype == np.float32 and whole(read.y["z"])[-2:].tolist() == [49, 0.5]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([*ROWS, "1,x,X,cat,1"], r"a\.csv:52: column `b`: 'x' is not a number"),
        ([*ROWS, "1,1,X,cow,1"], r"a\.csv:52: column `kind`: 'cow' is not among the classes"),
        ([*ROWS, "1,1"], r"a\.csv:52: 2 values"),
        ([], r"a\.csv: there are no rows"),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(
    tmp_path: Path, said: list[str], rows: list[str], problem: str
) -> None:
    with pytest.raises(BadData, match=problem):
        read_like(table(tmp_path / "a.csv", rows), LAYOUT, said.append)


def test_texts_stay_in_memory(tmp_path: Path, said: list[str]) -> None:
    path = table(tmp_path / "a.csv", ROWS)
    read = read_like(path, TableLayout(features={"x": ("town",)}, text=("town",)), said.append)
    assert whole(read.x["x"])[:3, 0].tolist() == ["X", "Y", "Z"] and said == []
