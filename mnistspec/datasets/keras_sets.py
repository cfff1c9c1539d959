"""The data sets of `keras.datasets`: files checked before Keras sees them, read by Keras' own loaders."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

from mnistspec.datasets.cached_files import FileState, path_of, state_of
from mnistspec.datasets.download import Unreachable, download
from mnistspec.datasets.facts import DataFacts
from mnistspec.datasets.loaded import Array, RawData, RawSplit, Request
from mnistspec.datasets.sources.base import CachedFile
from mnistspec.diagnostics import BadData, DataUnavailable, MissingExtra
from mnistspec.spec import SourceSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    Pair = tuple[Array, Array]


def load_keras_set(source: SourceSpec, request: Request, files: tuple[CachedFile, ...], facts: DataFacts) -> RawData:
    """Reads a data set of Keras, downloading its files where they are absent.

    Raises: Unreachable, DataUnavailable (damaged file), MissingExtra (no Keras), BadData (options that leave nothing).
    """
    ensure_files(source.name, files, request)
    return read_through_keras(source, facts)


def ensure_files(name: str, files: tuple[CachedFile, ...], request: Request) -> tuple[FileState, ...]:
    """Makes sure that the files are there and are what was published; answers with their states.

    Keras would overwrite a file with another digest without asking, so one that is damaged ends here.
    Raises: Unreachable, DataUnavailable (damaged file).
    """
    return tuple(_ensure(name, file, request) for file in files)


def _ensure(name: str, file: CachedFile, request: Request) -> FileState:
    state = state_of(file)
    if state is FileState.DAMAGED:
        raise DataUnavailable(
            f"{path_of(file)} is damaged: it is not the published file of {name} (its {file.algorithm} digest differs);"
            f" `mnistspec data fetch {name}` downloads it anew and `mnistspec data import {name} FILE` takes another"
            " copy, either keeping the damaged one aside."
        )
    if state is FileState.ABSENT:
        _fetch(name, file, request)
        return FileState.GOOD
    return state


def _fetch(name: str, file: CachedFile, request: Request) -> None:
    try:
        download(file, path_of(file), request.say)
    except Unreachable as error:
        raise Unreachable(_ways_out(name, file, str(error), request.offline)) from error


def _ways_out(name: str, file: CachedFile, reason: str, offline: str) -> str:
    text = (
        f"{name} is not at {path_of(file)} and cannot be downloaded ({reason}): run `mnistspec data fetch {name}` once"
        f" online, or fetch {file.url} elsewhere and `mnistspec data import {name} FILE`, or"
    )
    if name == "mnist":
        way = "`offline: mnist_sample` under `data` (`--set data.offline=mnist_sample`)"
        return f"{text} train on the packaged digits with {way}."
    text += " name files of your own with `source: {npz: {path: FILE}}`"
    return text + (" (`offline: mnist_sample` stands in for mnist alone)." if offline == "mnist_sample" else ".")


def read_through_keras(source: SourceSpec, facts: DataFacts) -> RawData:
    """The arrays as Keras' loader gives them, sequences of different lengths as arrays of int32 arrays."""
    train, test = keras_arrays(source.name, dict(source.options))
    return RawData(_split(train), _split(test), facts, source.name)


def keras_arrays(name: str, options: Mapping[str, Any]) -> tuple[Pair, Pair]:
    """`keras.datasets.NAME.load_data(**options)`; what it prints goes to standard error.

    Raises: MissingExtra without Keras, BadData for options that leave no example, DataUnavailable when the disk fails.
    """
    try:
        import keras
    except ModuleNotFoundError as error:
        raise MissingExtra(f"{name} is read with Keras: `pip install 'mnistspec[cpu]'` installs it.") from error
    try:
        with redirect_stdout(sys.stderr):
            pairs: tuple[Pair, Pair] = getattr(keras.datasets, name).load_data(**options)
    except ValueError as error:
        raise BadData(f"{name}: {error}") from error
    except OSError as error:
        raise DataUnavailable(f"{name}: Keras cannot read its files ({error}).") from error
    return pairs


def _split(pair: Pair) -> RawSplit:
    x, y = pair
    return RawSplit({"x": even_or_ragged(x)}, {"y": y})


def even_or_ragged(sequences: Array) -> Array:
    """Lists of word ids as an array of int32 arrays; any other array as it is."""
    import numpy as np

    if sequences.dtype != object:
        return sequences
    ragged = np.empty(len(sequences), dtype=object)
    for index, sequence in enumerate(sequences):
        ragged[index] = np.asarray(sequence, dtype=np.int32)
    return ragged
