from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnistspec.datasets.preparation import Preparation
from mnistspec.datasets.raw_input import read_raw_input
from mnistspec.diagnostics import BadData, DataUnavailable

from .making import loaded, source_of, write, write_picture


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Preparation:
    return loaded("source: mnist_sample\nprepare: {x: [{rescale: 255}]}", tmp_path_factory.mktemp("d")).preparation


def test_arrays_in_files_of_numpy(digits: Preparation, tmp_path: Path) -> None:
    pixels = np.full((2, 28, 28), 255, np.uint8)
    np.save(tmp_path / "a.npy", pixels)
    np.savez(tmp_path / "any.npz", something=pixels)
    np.savez(tmp_path / "x.npz", x=pixels, more=pixels[:1])
    for name in ("a.npy", "any.npz", "x.npz"):
        raw = read_raw_input(digits, tmp_path / name)
        assert len(raw.arrays["x"]) == 2 and raw.files is None and digits.apply_x(raw.arrays)["x"].min() == 1
    np.savez(tmp_path / "two.npz", a=pixels, b=pixels)
    with pytest.raises(BadData, match=r"the model takes the arrays `x`; the file has a, b"):
        read_raw_input(digits, tmp_path / "two.npz")


def test_an_archive_laid_out_as_the_one_learnt_from(digits: Preparation, tmp_path: Path) -> None:
    few, many = np.zeros((2, 28, 28), np.uint8), np.zeros((5, 28, 28), np.uint8)
    learnt_from = source_of("{npz: {path: a.npz, x_train: {x: pixels}, y_train: label}}")
    np.savez(tmp_path / "a.npz", pixels=many, pixels_test=few, label=np.zeros(5))
    assert len(read_raw_input(digits, tmp_path / "a.npz", source=lambda: learnt_from).arrays["x"]) == 2
    np.savez(tmp_path / "a.npz", pixels=many, label=np.zeros(5))
    assert len(read_raw_input(digits, tmp_path / "a.npz", source=lambda: learnt_from).arrays["x"]) == 5
    np.savez(tmp_path / "a.npz", x_train=many, y_train=np.zeros(5), x_test=few, y_test=np.zeros(2))
    assert len(read_raw_input(digits, tmp_path / "a.npz").arrays["x"]) == 2


def test_pictures_come_in_the_form_of_the_training_arrays(digits: Preparation, tmp_path: Path) -> None:
    write_picture(tmp_path / "p" / "digit10.png", (255, 255, 255), (60, 40), "RGB")
    write_picture(tmp_path / "p" / "digit9.png", 0)
    raw = read_raw_input(digits, tmp_path / "p")
    files = tuple(str(tmp_path / "p" / name) for name in ("digit9.png", "digit10.png"))
    assert raw.files == files and raw.arrays["x"].shape == (2, 28, 28)
    assert digits.apply_x(raw.arrays)["x"].whole().mean(axis=(1, 2)).tolist() == [0, 1]
    assert read_raw_input(digits, tmp_path / "p" / "digit9.png").files == files[:1]


def test_tables_need_no_label_and_know_the_words_of_training(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "a,c,y\n" + "1,red,no\n2,blue,yes\n" * 4)
    preparation = loaded("source: {csv: {path: a.csv, label: y, categories: [c]}}", tmp_path).preparation
    write(tmp_path / "new.csv", "c,a\nred,7\ngreen,8\n")
    raw = read_raw_input(preparation, tmp_path / "new.csv")
    assert preparation.apply_x(raw.arrays)["x"].tolist() == [[7, 2], [8, 0]]
    write(tmp_path / "new.csv", "c\nred\n")
    with pytest.raises(BadData, match=r"new\.csv: there is no column `a`"):
        read_raw_input(preparation, tmp_path / "new.csv")


def test_what_is_no_input_is_refused_in_words(digits: Preparation, tmp_path: Path) -> None:
    with pytest.raises(DataUnavailable, match="there is no such file or folder"):
        read_raw_input(digits, tmp_path / "none.png")
    with pytest.raises(BadData, match="there are no pictures in this folder"):
        read_raw_input(digits, tmp_path)
    for name, content, message in [
        ("a.txt", b"1", r"a file of one of these kinds: \.bmp \.csv"),
        ("a.csv", b"a\n1\n", "not trained on a table"),
        ("a.npy", b"nothing", "not an array of NumPy's format"),
        ("a.npz", b"nothing", r"not a whole \.npz file"),
    ]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadData, match=message):
            read_raw_input(digits, tmp_path / name)
    np.save(tmp_path / "empty.npy", np.zeros((0, 28, 28), np.uint8))
    with pytest.raises(BadData, match="holds no examples"):
        read_raw_input(digits, tmp_path / "empty.npy")
    np.save(tmp_path / "cut.npy", np.zeros((2, 28, 28), np.uint8))
    (tmp_path / "cut.npy").write_bytes((tmp_path / "cut.npy").read_bytes()[:-5])
    with pytest.raises(BadData, match="is damaged"):
        read_raw_input(digits, tmp_path / "cut.npy")
