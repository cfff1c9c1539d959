"""Boston housing: 506 districts with 13 features each and the median value of a home (in 1,000 dollars)."""

from __future__ import annotations

from pathlib import Path

from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.datasets.keras_sets import load_keras_set
from mnistspec.datasets.loaded import RawData, Request
from mnistspec.datasets.options import number
from mnistspec.datasets.sources.base import KERAS_BUCKET, CachedFile, DataSource, keras_split_sizes
from mnistspec.spec import SourceSpec

FILES = (
    CachedFile(
        "boston_housing.npz",
        f"{KERAS_BUCKET}boston_housing.npz",
        "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5",
    ),
)


def facts(source: SourceSpec, folder: Path) -> DataFacts:
    """506 districts, `test_split` of them to test."""
    train, test = keras_split_sizes(506, number(source.options, "test_split"))
    return DataFacts({"x": ArrayFacts((13,), "float64")}, {"y": ArrayFacts((), "float64")}, train, 0, test)


def load(source: SourceSpec, request: Request) -> RawData:
    """Reads the file through Keras. Raises: as `load_keras_set`."""
    return load_keras_set(source, request, FILES, facts(source, request.folder))


SOURCE = DataSource(facts, load, FILES)
