"""TensorFlow's stateless random numbers in NumPy: from one seed the numbers that initial weights are made of.

Philox is the generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC11), with
four words and ten rounds. How its words become numbers follows TensorFlow, so that the uniform numbers are the same
to the bit, and the normal ones but for the rounding of a logarithm and a sine.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.uint32]
Floats: TypeAlias = NDArray[np.float32]

_LOW = np.uint64(0xFFFFFFFF)
_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10
# The key under which TensorFlow mixes a seed into a key and a counter.
_MIXING = (0x3EC8F720, 0x02461E29)
# The blocks of four words set aside for each four numbers of a distribution that throws some of them away.
_SET_ASIDE = 256
# Normal numbers further out than this are drawn again.
_TRUNCATED = 2.0
_SMALLEST = np.float32(1e-7)


def uniform(seed: int, count: int) -> Floats:
    """Numbers (count,) from 0 to under 1."""
    blocks = _Stream(seed).blocks(np.arange(-(-count // 4), dtype=np.uint64))
    return _fractions(blocks).reshape(-1)[:count]


def normal(seed: int, count: int) -> Floats:
    """Numbers (count,) of mean 0 and deviation 1."""
    blocks = _Stream(seed).blocks(np.arange(-(-count // 4), dtype=np.uint64))
    return _normal(blocks).reshape(-1)[:count]


def truncated_normal(seed: int, count: int) -> Floats:
    """Numbers (count,) of mean 0 and deviation 1, drawn again where they are further out than 2."""
    stream, groups = _Stream(seed), -(-count // 4)
    found = np.zeros((groups, 4), np.float32)
    missing, kept, block = np.arange(groups), np.zeros(groups, np.int64), 0
    while len(missing):
        drawn = _normal(stream.blocks(missing.astype(np.uint64) * np.uint64(_SET_ASIDE) + np.uint64(block)))
        for column in range(4):
            fits = (np.abs(drawn[:, column]) < _TRUNCATED) & (kept[missing] < 4)
            rows = missing[fits]
            found[rows, kept[rows]] = drawn[fits, column]
            kept[rows] += 1
        missing, block = missing[kept[missing] < 4], block + 1
    return found.reshape(-1)[:count]


class _Stream:
    """The words that a seed stands for, in blocks of four."""

    def __init__(self, seed: int) -> None:
        counter = np.array([[seed & 0xFFFFFFFF, seed >> 32, 0, 0]], np.uint64)
        mixed = _scrambled(counter, _MIXING)[0]
        self._key = (int(mixed[0]), int(mixed[1]))
        self._high = mixed[2:].astype(np.uint64)

    def blocks(self, numbers: NDArray[np.uint64]) -> Words:
        """The blocks of these numbers: (blocks, 4)."""
        counters = np.empty((len(numbers), 4), np.uint64)
        counters[:, 0], counters[:, 1] = numbers & _LOW, numbers >> np.uint64(32)
        counters[:, 2:] = self._high
        return _scrambled(counters, self._key)


def _scrambled(counters: NDArray[np.uint64], key: tuple[int, int]) -> Words:
    """Philox' rounds: (blocks, 4) counters to as many words."""
    a, b, c, d = counters.T
    for turn in range(_ROUNDS):
        first, second = (np.uint64((part + turn * step) & 0xFFFFFFFF) for part, step in zip(key, _WEYL, strict=True))
        left, right = a * _MULTIPLIERS[0], c * _MULTIPLIERS[1]
        a, b, c, d = (
            (right >> np.uint64(32)) ^ b ^ first,
            right & _LOW,
            (left >> np.uint64(32)) ^ d ^ second,
            left & _LOW,
        )
    return np.stack([a, b, c, d], axis=1).astype(np.uint32)


def _fractions(words: Words) -> Floats:
    """Each word's low 23 bits as a number from 0 to under 1."""
    mantissas = (words & np.uint32(0x7FFFFF)) | np.uint32(127 << 23)
    return mantissas.view(np.float32) - np.float32(1)


def _normal(words: Words) -> Floats:
    """Normal numbers of pairs of words, by Box and Muller's method; each function exact, then rounded."""
    fractions = _fractions(words)
    logarithms = np.log(np.maximum(fractions[:, 0::2], _SMALLEST).astype(np.float64)).astype(np.float32)
    radius = np.sqrt(np.float32(-2) * logarithms)
    angle = (2 * math.pi * fractions[:, 1::2].astype(np.float64)).astype(np.float32).astype(np.float64)
    pairs = np.stack([np.sin(angle).astype(np.float32) * radius, np.cos(angle).astype(np.float32) * radius], axis=2)
    return pairs.reshape(len(words), 4)
