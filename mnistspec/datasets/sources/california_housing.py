"""California housing: 20,640 districts with 8 features each and the median value of a home (dollars)."""

from __future__ import annotations

from pathlib import Path

from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.datasets.keras_sets import load_keras_set
from mnistspec.datasets.loaded import RawData, Request
from mnistspec.datasets.options import number, text
from mnistspec.datasets.sources.base import KERAS_BUCKET, CachedFile, DataSource, keras_split_sizes
from mnistspec.spec import SourceSpec

SIZES = {"large": 20_640, "small": 600}
FILES = (
    CachedFile(
        "california_housing.npz",
        f"{KERAS_BUCKET}california_housing.npz",
        "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f",
    ),
)


def facts(source: SourceSpec, folder: Path) -> DataFacts:
    """20,640 districts (`version: small`: 600), `test_split` of them to test; the file alone says the dtype."""
    count = SIZES[text(source.options, "version")]
    train, test = keras_split_sizes(count, number(source.options, "test_split"))
    return DataFacts({"x": ArrayFacts((8,), None)}, {"y": ArrayFacts((), None)}, train, 0, test)


def load(source: SourceSpec, request: Request) -> RawData:
    """Reads the file through Keras. Raises: as `load_keras_set`."""
    return load_keras_set(source, request, FILES, facts(source, request.folder))


SOURCE = DataSource(facts, load, FILES)
