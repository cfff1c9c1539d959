"""Makes `pairs.npz` from the digits inside the package: pictures two by two, half of them of the same digit."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import mnistspec

SEED = 7
COUNTS = {"train": 1200, "test": 300}


def pairs(pictures: np.ndarray, labels: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """`count` pairs: `left` and `right` (28 by 28, uint8), and `same`, 1 where both show one digit."""
    draw = np.random.default_rng(SEED)
    left = draw.integers(0, len(labels), count)
    same = np.arange(count) % 2
    right = [
        draw.choice(np.flatnonzero((labels == labels[one]) == wanted)) for one, wanted in zip(left, same, strict=True)
    ]
    return {"left": pictures[left], "right": pictures[right], "same": same.astype("uint8")}


def main() -> None:
    """Writes the arrays beside this file."""
    arrays = {}
    with np.load(Path(mnistspec.__file__).parent / "datasets" / "mnist_sample.npz", allow_pickle=False) as sample:
        for split, count in COUNTS.items():
            made = pairs(sample[f"x_{split}"], sample[f"y_{split}"], count)
            arrays.update({f"{name}_{split}": array for name, array in made.items()})
    np.savez_compressed(Path(__file__).with_name("pairs.npz"), **arrays)


if __name__ == "__main__":
    main()
