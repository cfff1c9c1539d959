"""Fashion-MNIST: 70,000 gray pictures of clothes, 28 by 28 pixels (Zalando Research)."""

from __future__ import annotations

from pathlib import Path

from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.datasets.keras_sets import load_keras_set
from mnistspec.datasets.loaded import RawData, Request
from mnistspec.datasets.sources.base import KERAS_BUCKET, CachedFile, DataSource
from mnistspec.spec import SourceSpec

CLOTHES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip

# Keras has no digests for these; the MD5 sums are the ones published with the data:
# https://github.com/zalandoresearch/fashion-mnist#get-the-data
_MD5 = {
    "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
    "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
    "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
}
FILES = tuple(CachedFile(f"fashion-mnist/{name}", KERAS_BUCKET + name, md5, "md5") for name, md5 in _MD5.items())


def facts(source: SourceSpec, folder: Path) -> DataFacts:
    """60,000 pictures to train on, 10,000 to test."""
    pixels = ArrayFacts((28, 28), "uint8", 0, 255)
    return DataFacts({"x": pixels}, {"y": ArrayFacts((), "uint8", 0, 9, 10)}, 60_000, 0, 10_000, CLOTHES)


def load(source: SourceSpec, request: Request) -> RawData:
    """Reads the four files through Keras. Raises: as `load_keras_set`."""
    return load_keras_set(source, request, FILES, facts(source, request.folder))


SOURCE = DataSource(facts, load, FILES)
