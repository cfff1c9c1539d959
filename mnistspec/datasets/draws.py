"""Seeded draws of examples: the same on every machine and NumPy version, stratified where there are classes."""

from __future__ import annotations

import hashlib

import numpy as np

from mnistspec.datasets.loaded import Array, Held, Indices
from mnistspec.datasets.stored import Stored


def tickets(count: int, seed: int, stream: str) -> Array:
    """One random number (uint64) an example, from a stream of its own: drawing from another leaves it as it is.

    Philox by key and position: its raw output is fixed by definition, unlike the methods of NumPy's `Generator`.
    """
    name = int.from_bytes(hashlib.sha256(stream.encode()).digest()[:8], "little")
    key = np.array([seed & (2**64 - 1), name], dtype=np.uint64)
    return np.random.Philox(key=key).random_raw(count)


def labels_of(y: Held) -> Array | None:
    """The class ids (examples,) to stratify by: those of the only label array, if it is one of integers."""
    if len(y) != 1:
        return None
    (array,) = y.values()
    if isinstance(array, Stored):
        return None
    single = array.ndim == 1 or (array.ndim == 2 and array.shape[1] == 1)
    return array.reshape(-1) if single and array.dtype.kind in "biu" else None


def draw(count: int, size: int, y: Held, seed: int, stream: str) -> Indices:
    """The ascending indices of `size` of `count` examples; where there are classes, each keeps its share."""
    if size >= count:
        return np.arange(count, dtype=np.int64)
    numbers = tickets(count, seed, stream)
    labels = labels_of(y)
    if labels is None:
        return np.sort(np.argsort(numbers, kind="stable")[:size]).astype(np.int64)
    return _stratified(labels, size, numbers)


def _stratified(labels: Array, size: int, numbers: Array) -> Indices:
    """Of each class the examples with the lowest numbers, as many as `_shares` says."""
    _, ids, counts = np.unique(labels, return_inverse=True, return_counts=True)
    order = np.lexsort((numbers, ids))
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    place_in_class = np.arange(len(ids)) - np.repeat(starts, counts)
    chosen = place_in_class < np.repeat(_shares(counts, size), counts)
    return np.sort(order[chosen]).astype(np.int64)


def _shares(counts: Array, size: int) -> Array:
    """How many of each class, `size` in all: the exact share rounded down, and the largest remainders get one more."""
    shares, remainders = np.divmod(counts.astype(np.int64) * size, int(counts.sum()))
    missing = size - int(shares.sum())
    shares[np.argsort(-remainders, kind="stable")[:missing]] += 1
    return np.asarray(shares)
