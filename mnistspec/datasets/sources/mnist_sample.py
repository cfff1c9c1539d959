"""5,000 digits of MNIST's training set inside the package, for use without a network; see `mnist_sample.md`."""

from __future__ import annotations

from pathlib import Path

from mnistspec.datasets.cached_files import digest_of
from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.datasets.loaded import RawData, RawSplit, Request
from mnistspec.datasets.sources.base import DataSource
from mnistspec.diagnostics import DataUnavailable
from mnistspec.spec import SourceSpec

DIGITS = tuple("0123456789")
PATH = Path(__file__).resolve().parent.parent / "mnist_sample.npz"
SHA256 = "d971a4c9ccf215cbc332194a633fcd95f06083e31a3c55fd876f481af3ee0faf"


def digit_facts(train: int, test: int) -> DataFacts:
    """The facts of gray pictures (28, 28) of digits, in splits of these sizes (examples)."""
    pixels = ArrayFacts((28, 28), "uint8", 0, 255)
    return DataFacts({"x": pixels}, {"y": ArrayFacts((), "uint8", 0, 9, 10)}, train, 0, test, DIGITS)


def facts(source: SourceSpec, folder: Path) -> DataFacts:
    """4,000 digits to train on, 1,000 to test."""
    return digit_facts(4000, 1000)


def load(source: SourceSpec, request: Request) -> RawData:
    """Reads the packaged file. Raises: DataUnavailable where the installation is damaged."""
    from mnistspec.datasets.npz_arrays import read_arrays

    try:
        whole = digest_of(PATH, "sha256") == SHA256
    except OSError:
        whole = False
    if not whole:
        raise DataUnavailable(f"{PATH} is missing or damaged: install mnistspec anew.")
    arrays = read_arrays(PATH, ("x_train", "y_train", "x_test", "y_test"))
    train = RawSplit({"x": arrays["x_train"]}, {"y": arrays["y_train"]})
    test = RawSplit({"x": arrays["x_test"]}, {"y": arrays["y_test"]})
    return RawData(train, test, digit_facts(4000, 1000), "mnist_sample")


SOURCE = DataSource(facts, load)
