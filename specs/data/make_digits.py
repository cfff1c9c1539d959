"""Makes `digits.csv` from the digits inside the package."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

import mnistspec

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
COUNT = 1500


def main() -> None:
    """Writes the table beside this file."""
    with np.load(Path(mnistspec.__file__).parent / "datasets" / "mnist_sample.npz", allow_pickle=False) as sample:
        pictures, labels = sample["x_train"][:COUNT], sample["y_train"][:COUNT]
    blocks = pictures.reshape(COUNT, 4, 7, 4, 7).mean(axis=(2, 4)).round(1)
    with Path(__file__).with_name("digits.csv").open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow([*(f"block_{row}_{column}" for row in range(4) for column in range(4)), "digit"])
        for block, label in zip(blocks, labels, strict=True):
            table.writerow([*block.reshape(16).tolist(), WORDS[label]])


if __name__ == "__main__":
    main()
