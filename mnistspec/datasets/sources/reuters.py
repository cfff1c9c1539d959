"""Reuters: 11,228 newswires as sequences of word ids, of 46 topics."""

from __future__ import annotations

from pathlib import Path

from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.datasets.keras_sets import load_keras_set
from mnistspec.datasets.loaded import RawData, Request
from mnistspec.datasets.options import integer_or_none, number
from mnistspec.datasets.sources.base import KERAS_BUCKET, CachedFile, DataSource, keras_split_sizes
from mnistspec.datasets.sources.imdb import word_ids
from mnistspec.spec import SourceSpec

_TOPICS = """
    cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves ship cotton carcass
    crude nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin strategic-metal livestock retail ipi
    iron-steel rubber heat jobs lei bop zinc orange pet-chem dlr gas silver wpi hog lead
"""
TOPICS = tuple(_TOPICS.split())
FILES = (
    CachedFile(
        "reuters.npz",
        f"{KERAS_BUCKET}reuters.npz",
        "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916",
    ),
)


def facts(source: SourceSpec, folder: Path) -> DataFacts:
    """11,228 newswires, `test_split` of them to test; `maxlen` leaves out the longer ones."""
    train: int | None
    test: int | None
    train, test = keras_split_sizes(11_228, number(source.options, "test_split"))
    if integer_or_none(source.options, "maxlen") is not None:
        train = test = None
    y = ArrayFacts((), "int64", 0, 45, 46)
    return DataFacts({"x": word_ids(source.options)}, {"y": y}, train, 0, test, TOPICS)


def load(source: SourceSpec, request: Request) -> RawData:
    """Reads the file through Keras. Raises: as `load_keras_set`."""
    return load_keras_set(source, request, FILES, facts(source, request.folder))


SOURCE = DataSource(facts, load, FILES)
