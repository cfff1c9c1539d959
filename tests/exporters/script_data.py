"""The files that the specs in `scripts_with_data` read."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from mnistspec.datasets.sources.mnist_sample import PATH as SAMPLE


def make_files(folder: Path) -> None:
    """Writes the files that the specs read."""
    random = np.random.default_rng(0)
    shutil.copy(SAMPLE, folder / "mnist_sample.npz")
    np.savez(
        folder / "pairs.npz",
        a_train=random.normal(size=(60, 4)).astype("float32"),
        b_train=random.integers(0, 9, (60, 2)),
        digit=random.integers(0, 3, 60),
        size=random.normal(size=(60, 1)).astype("float32"),
    )
    np.savez(folder / "words.npz", x_train=np.array(["good film", "bad film", "so so"] * 20), y_train=np.arange(60) % 3)
    colours = ["red", "green", "blue", "red", "green", "blue", "odd"]
    rows = [[f"{random.normal():.4f}", colours[i % 7], i, ["yes", "no", "maybe"][i % 3]] for i in range(80)]
    _write_table(folder / "table.csv", ";", [["a", "colour", "b", "label"], *rows])
    reviews = [[["good film, yes", "bad film"][i % 2], i, i % 2] for i in range(40)]
    _write_table(folder / "reviews.csv", ",", [["text", "length", "good"], *reviews])
    for split, count in (("train", 12), ("test", 4)):
        for name in ("cat", "dog10", "dog9"):
            (folder / "pictures" / split / name).mkdir(parents=True)
            for number in range(count):
                pixels = random.integers(0, 255, (9, 11, 3), dtype="uint8")
                Image.fromarray(pixels).save(folder / "pictures" / split / name / f"im{number}.png")


def _write_table(path: Path, delimiter: str, rows: list[list[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
