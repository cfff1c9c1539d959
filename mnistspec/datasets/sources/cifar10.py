"""CIFAR-10: 60,000 colour pictures of ten kinds of things, 32 by 32 pixels (Krizhevsky)."""

from __future__ import annotations

from pathlib import Path

from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.datasets.keras_sets import load_keras_set
from mnistspec.datasets.loaded import RawData, Request
from mnistspec.datasets.sources.base import CachedFile, DataSource
from mnistspec.spec import SourceSpec

THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
FILES = (
    CachedFile(
        "cifar-10-batches-py-target_archive",
        "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
    ),
)


def facts(source: SourceSpec, folder: Path) -> DataFacts:
    """50,000 pictures to train on, 10,000 to test; each label is an array of one."""
    pixels = ArrayFacts((32, 32, 3), "uint8", 0, 255)
    return DataFacts({"x": pixels}, {"y": ArrayFacts((1,), "uint8", 0, 9, 10)}, 50_000, 0, 10_000, THINGS)


def load(source: SourceSpec, request: Request) -> RawData:
    """Unpacks and reads the archive through Keras. Raises: as `load_keras_set`."""
    return load_keras_set(source, request, FILES, facts(source, request.folder))


SOURCE = DataSource(facts, load, FILES)
