"""MNIST: 70,000 handwritten digits in gray, 28 by 28 pixels (LeCun, Cortes, Burges)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mnistspec.datasets.cached_files import FileState, path_of
from mnistspec.datasets.download import Unreachable
from mnistspec.datasets.facts import DataFacts
from mnistspec.datasets.headers import open_archive, read_header
from mnistspec.datasets.keras_sets import ensure_files, read_through_keras
from mnistspec.datasets.loaded import RawData, RawSplit, Request
from mnistspec.datasets.sources import mnist_sample
from mnistspec.datasets.sources.base import KERAS_BUCKET, CachedFile, DataSource
from mnistspec.diagnostics import MnistspecError
from mnistspec.spec import SourceSpec

if TYPE_CHECKING:
    import zipfile

# The published MD5 of MNIST's four original files, and the shapes they hold: unzipped, a file is its magic number and
# sizes, four bytes each, then the bytes of the array.
IDX_MD5 = {
    "x_train": ((60_000, 28, 28), "6bbc9ace898e44ae57da46a324031adb"),
    "y_train": ((60_000,), "a25bea736e30d166cdddb491f175f624"),
    "x_test": ((10_000, 28, 28), "2646ac647ad5339dbf082846283269ea"),
    "y_test": ((10_000,), "27ae3e4e09519cfbb04c329615203637"),
}


def holds_mnist(path: Path) -> bool:
    """Whether the arrays of an `.npz` file are byte for byte those of MNIST's original files."""
    try:
        with open_archive(path) as archive:
            return all(_idx_md5(archive, key, shape, path) == md5 for key, (shape, md5) in IDX_MD5.items())
    except MnistspecError:
        return False


def _idx_md5(archive: zipfile.ZipFile, key: str, shape: tuple[int, ...], path: Path) -> str | None:
    """The MD5 of an array written as an IDX file; None for one of another shape or dtype."""
    header = read_header(archive, key, path)
    if header.shape != shape or header.dtype != "uint8" or header.fortran:
        return None
    import hashlib

    digest = hashlib.md5(idx_header(shape), usedforsecurity=False)
    with archive.open(f"{key}.npy") as stream:
        stream.read(header.offset)
        while piece := stream.read(2**20):
            digest.update(piece)
    return digest.hexdigest()


def idx_header(shape: tuple[int, ...]) -> bytes:
    """The start of an IDX file of bytes: 0, 0, 8 for unsigned bytes, the rank, and the sizes (big-endian)."""
    return bytes((0, 0, 8, len(shape))) + b"".join(size.to_bytes(4, "big") for size in shape)


FILES = (
    CachedFile(
        "mnist.npz",
        f"{KERAS_BUCKET}mnist.npz",
        "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
        same_contents=holds_mnist,
    ),
)


def facts(source: SourceSpec, folder: Path) -> DataFacts:
    """60,000 digits to train on, 10,000 to test."""
    return mnist_sample.digit_facts(60_000, 10_000)


def load(source: SourceSpec, request: Request) -> RawData:
    """Reads MNIST through Keras; offline, and where the spec allows it, `mnist_sample` in its place.

    Raises: Unreachable, DataUnavailable (damaged file), MissingExtra (no Keras).
    """
    try:
        (state,) = ensure_files(source.name, FILES, request)
    except Unreachable as error:
        if request.offline != "mnist_sample":
            raise
        return _stand_in(source, request, error)
    if state is FileState.EQUIVALENT:
        return _read_equivalent(request)
    return read_through_keras(source, facts(source, request.folder))


def _stand_in(source: SourceSpec, request: Request, error: Unreachable) -> RawData:
    note = (
        "MNIST could not be downloaded, so `mnist_sample` (5,000 of its training digits) stands in for it:"
        " results are not comparable with those on MNIST."
    )
    request.warn(f"WARNING: {note}")
    return replace(mnist_sample.load(source, request), notes=(note,))


def _read_equivalent(request: Request) -> RawData:
    """MNIST from an `.npz` that is not Keras' own file but holds the same arrays, which Keras would overwrite."""
    from mnistspec.datasets.npz_arrays import read_arrays

    path = path_of(FILES[0])
    note = f"{path} is not the file Keras publishes, but its arrays are MNIST's by their published MD5 sums."
    request.say(note)
    arrays = read_arrays(path, IDX_MD5)
    train = RawSplit({"x": arrays["x_train"]}, {"y": arrays["y_train"]})
    test = RawSplit({"x": arrays["x_test"]}, {"y": arrays["y_test"]})
    return RawData(train, test, mnist_sample.digit_facts(60_000, 10_000), "mnist", (note,))


SOURCE = DataSource(facts, load, FILES)
