"""What a finished run is asked to predict: files and folders read, and prepared as the run's own data were."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mnistspec.datasets.loaded import Array, Arrays, Held, Say
from mnistspec.datasets.npz_arrays import require_one_length
from mnistspec.datasets.photos import INVERT, PhotoReader
from mnistspec.datasets.preparation import Preparation
from mnistspec.datasets.raw_input import AskSource, read_raw_input
from mnistspec.datasets.stored import whole
from mnistspec.diagnostics import BadData, UsageError
from mnistspec.frozen import dataclass
from mnistspec.runs.run import Run
from mnistspec.training.ids import require_learnt_ids
from mnistspec.typed import TypedGraph

# Bytes of unprepared examples in a part; prepared they take four times as much.
_AT_ONCE = 2**24


@dataclass(frozen=True)
class Example:
    """Where one example came from: the file, its row there (from 0), and what was done to it, in words."""

    input: str
    row: int
    said: str = ""


@dataclass(frozen=True, eq=False)
class Examples:
    """Prepared inputs (examples, ...) by array name, and where each example came from."""

    arrays: Arrays
    origins: tuple[Example, ...]


@dataclass(frozen=True, eq=False)
class _File:
    """One file or folder that was opened: its examples, not yet prepared, and who reads the pictures among them."""

    path: Path
    arrays: Held
    pictures: tuple[str, ...] | None
    reader: PhotoReader
    said: str

    @property
    def count(self) -> int:
        return len(next(iter(self.arrays.values())))

    @property
    def bytes_of_one(self) -> int:
        return sum(array.dtype.itemsize * math.prod(array.shape[1:]) for array in self.arrays.values())

    def read(self, preparation: Preparation, typed: TypedGraph | None, begin: int, end: int) -> Examples:
        """Some of its examples, each of which is asked for once, and in their order."""
        arrays = _prepared(preparation, {name: whole(held[begin:end]) for name, held in self.arrays.items()}, self.path)
        if typed is not None:
            require_learnt_ids(typed, arrays, str(self.path))
        if self.pictures is None:
            return Examples(arrays, tuple(Example(str(self.path), row, self.said) for row in range(begin, end)))
        said, self.reader.said = self.reader.said, []
        names = self.pictures[begin:end]
        return Examples(arrays, tuple(Example(name, 0, one) for name, one in zip(names, said, strict=True)))


class Inputs:
    """All the examples in files and folders, one after the other: read and prepared a part at a time."""

    def __init__(self, preparation: Preparation, files: Sequence[_File], typed: TypedGraph | None) -> None:
        self._preparation, self._files, self._typed = preparation, files, typed
        self.count = sum(file.count for file in files)

    def parts(self, batch_size: int) -> Iterator[Examples]:
        """So many at a time that they take little memory: whole batches, so that none changes. Raises: BadData."""
        of_a_batch = max(file.bytes_of_one for file in self._files) * batch_size
        rows = max(1, _AT_ONCE // max(1, of_a_batch)) * batch_size
        for begin in range(0, self.count, rows):
            yield self._part(begin, min(begin + rows, self.count))

    def _part(self, begin: int, end: int) -> Examples:
        before, read = 0, []
        for file in self._files:
            first, last = max(begin - before, 0), min(end - before, file.count)
            if first < last:
                read.append(file.read(self._preparation, self._typed, first, last))
            before += file.count
        if len(read) == 1:
            return read[0]
        arrays = {name: np.concatenate([examples.arrays[name] for examples in read]) for name in self._preparation.x}
        return Examples(arrays, tuple(origin for examples in read for origin in examples.origins))


def preparation_of(run: Run) -> Preparation:
    """The preparation that a run fitted and kept. Raises: UsageError for a run that came to no data, BadData."""
    data = run.record.get("data")
    if not isinstance(data, Mapping) or not isinstance(data.get("preparation"), Mapping):
        raise UsageError(f"`{run.folder}` does not say how its data were prepared; is it a whole run of mnistspec?")
    return Preparation.from_json(data["preparation"])


def open_inputs(
    preparation: Preparation,
    paths: Sequence[Path],
    *,
    invert: str = "auto",
    source: AskSource = lambda: None,
    typed: TypedGraph | None = None,
    say: Say = print,
) -> Inputs:
    """The files and folders opened, and few examples read already.

    `source` is asked for the source that the run learnt from where a file may be laid out as that was.
    `invert` says whether pictures are dark on light: `auto`, `yes` or `no`. `typed` is the graph of the model, where it
    is known: ids that it has learnt nothing of are refused. `say` is told of what takes long.
    Raises: UsageError, DataUnavailable for a path that is not there, BadData for one that cannot be such input.
    """
    if invert not in INVERT:
        raise UsageError(f"`--invert {invert}` is unknown; there are {', '.join(INVERT)}")
    return Inputs(preparation, [_opened(preparation, path, invert, source, say) for path in paths], typed)


def _opened(preparation: Preparation, path: Path, invert: str, source: AskSource, say: Say) -> _File:
    reader = PhotoReader(preparation, invert)
    raw = read_raw_input(preparation, path, reader, source=source, say=say)
    if raw.files is not None:
        return _File(path, raw.arrays, raw.files, reader, "")
    if invert == "yes":
        raise UsageError(f"`--invert yes` is for pictures; {path} holds values as the model learnt them")
    arrays, single = _as_batch(preparation, raw.arrays)
    require_one_length(arrays, path)
    return _File(path, arrays, None, reader, "taken as one example" if single else "")


def _as_batch(preparation: Preparation, arrays: Held) -> tuple[Held, bool]:
    """The arrays, with a first axis added where each has the shape of a single example."""
    if all(array.dtype != object and array.shape == preparation.raw[name].shape for name, array in arrays.items()):
        return {name: whole(array)[np.newaxis] for name, array in arrays.items()}, True
    return arrays, False


def _prepared(preparation: Preparation, arrays: Arrays, path: Path) -> dict[str, Array]:
    try:
        return preparation.apply_x(arrays)
    except BadData as error:
        raise BadData(f"{path}: {error}") from error


def model_inputs(arrays: Arrays, names: Sequence[str]) -> Any:
    """The prepared arrays as the model takes them: the only one, or several by the inputs' names."""
    if len(names) == 1 and len(arrays) == 1:
        return next(iter(arrays.values()))
    missing = [name for name in names if name not in arrays]
    if missing:
        raise BadData(f"the model has an input `{missing[0]}`, and the run's data has no such array")
    return arrays[names[0]] if len(names) == 1 else {name: arrays[name] for name in names}
