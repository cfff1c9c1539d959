"""The order of the examples: a permutation made from the seed and the epoch, the same on every backend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def permutation(seed: int, epoch: int, count: int) -> NDArray[np.int64]:
    """The order of one epoch, counted from 0: each of `count` examples once. `language.ORDER` tells it to others."""
    return np.random.Generator(np.random.Philox(key=[seed, epoch])).permutation(count)


class EpochOrder:
    """The order of the epoch under way; the fit sets `epoch` before each epoch begins."""

    def __init__(self, seed: int, count: int, *, shuffle: bool) -> None:
        self.seed, self.count, self.shuffle = seed, count, shuffle
        self.epoch = 0

    def current(self) -> NDArray[np.int64]:
        return self.of(self.epoch)

    def of(self, epoch: int) -> NDArray[np.int64]:
        """The order of any epoch (a pass over the data)."""
        return permutation(self.seed, epoch, self.count) if self.shuffle else np.arange(self.count)
