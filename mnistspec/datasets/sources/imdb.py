"""IMDB: 50,000 film reviews as sequences of word ids, for or against the film (Maas and others)."""

from __future__ import annotations

from pathlib import Path

from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.datasets.keras_sets import load_keras_set
from mnistspec.datasets.loaded import RawData, Request
from mnistspec.datasets.options import Options, integer_or_none
from mnistspec.datasets.sources.base import KERAS_BUCKET, CachedFile, DataSource
from mnistspec.spec import SourceSpec

OPINIONS = ("negative", "positive")
FILES = (
    CachedFile(
        "imdb.npz",
        f"{KERAS_BUCKET}imdb.npz",
        "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
    ),
)


def word_ids(options: Options) -> ArrayFacts:
    """Sequences of word ids of different lengths; `num_words` bounds the ids from above."""
    words = integer_or_none(options, "num_words")
    unknown = integer_or_none(options, "oov_char") or 0
    return ArrayFacts((None,), "int32", 0, max(words - 1, unknown) if words else None, ragged=True)


def facts(source: SourceSpec, folder: Path) -> DataFacts:
    """25,000 reviews to train on, 25,000 to test; `maxlen` leaves out the longer ones."""
    count = 25_000 if integer_or_none(source.options, "maxlen") is None else None
    y = ArrayFacts((), "int64", 0, 1, 2)
    return DataFacts({"x": word_ids(source.options)}, {"y": y}, count, 0, count, OPINIONS)


def load(source: SourceSpec, request: Request) -> RawData:
    """Reads the file through Keras. Raises: as `load_keras_set`."""
    return load_keras_set(source, request, FILES, facts(source, request.folder))


SOURCE = DataSource(facts, load, FILES)
