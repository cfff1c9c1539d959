"""What a finished run is asked to predict: files and folders read, and prepared as the run's own data were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mnistspec.datasets.loaded import Array, Arrays
from mnistspec.datasets.photos import INVERT, PhotoReader
from mnistspec.datasets.preparation import Preparation
from mnistspec.datasets.raw_input import AskSource, read_raw_input
from mnistspec.diagnostics import BadData, UsageError
from mnistspec.frozen import dataclass
from mnistspec.runs.run import Run


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


def preparation_of(run: Run) -> Preparation:
    """The preparation that a run fitted and kept. Raises: UsageError for a run that came to no data, BadData."""
    data = run.record.get("data")
    if not isinstance(data, Mapping) or not isinstance(data.get("preparation"), Mapping):
        raise UsageError(f"`{run.folder}` does not say how its data were prepared; is it a whole run of mnistspec?")
    return Preparation.from_json(data["preparation"])


def read_inputs(
    preparation: Preparation, paths: Sequence[Path], *, invert: str = "auto", source: AskSource = lambda: None
) -> Examples:
    """All the examples in the files and folders, one after the other, prepared.

    `source` is asked for the source that the run learnt from where a file may be laid out as that was.
    `invert` says whether pictures are dark on light: `auto`, `yes` or `no`.
    Raises: UsageError, DataUnavailable for a path that is not there, BadData for one that cannot be such input.
    """
    if invert not in INVERT:
        raise UsageError(f"`--invert {invert}` is unknown; there are {', '.join(INVERT)}")
    read = [_read(preparation, path, invert, source) for path in paths]
    arrays = {name: np.concatenate([examples.arrays[name] for examples in read]) for name in preparation.x}
    return Examples(arrays, tuple(origin for examples in read for origin in examples.origins))


def _read(preparation: Preparation, path: Path, invert: str, source: AskSource) -> Examples:
    reader = PhotoReader(preparation, invert)
    raw = read_raw_input(preparation, path, reader, source=source)
    if reader.said:
        places = [path / name for name in raw.names] if path.is_dir() else [path]
        origins = [Example(str(place), 0, said) for place, said in zip(places, reader.said, strict=True)]
        return Examples(_prepared(preparation, raw.arrays, path), tuple(origins))
    if invert == "yes":
        raise UsageError(f"`--invert yes` is for pictures; {path} holds values as the model learnt them")
    arrays, single = _as_batch(preparation, raw.arrays)
    count = len(next(iter(arrays.values())))
    said = "taken as one example" if single else ""
    return Examples(_prepared(preparation, arrays, path), tuple(Example(str(path), row, said) for row in range(count)))


def _as_batch(preparation: Preparation, arrays: Arrays) -> tuple[Arrays, bool]:
    """The arrays, with a first axis added where each has the shape of a single example."""
    if all(array.dtype != object and array.shape == preparation.raw[name].shape for name, array in arrays.items()):
        return {name: array[np.newaxis] for name, array in arrays.items()}, True
    return arrays, False


def _prepared(preparation: Preparation, arrays: Arrays, path: Path) -> dict[str, Array]:
    counts = {name: len(array) for name, array in arrays.items()}
    if len(set(counts.values())) > 1:
        listed = ", ".join(f"`{name}` {count}" for name, count in counts.items())
        raise BadData(f"{path}: the arrays differ in the number of examples: {listed}.")
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
