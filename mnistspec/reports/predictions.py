"""`predictions.npz`: predictions and targets by output, and raw inputs of a few rows."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnistspec.frozen import dataclass
from mnistspec.reports.fields import Damaged

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True)
class Predictions:
    """Arrays of shape `(examples, ...)` by output, and raw inputs `(samples, ...)` by input.

    `rows` (samples,) are the rows that the samples stand in, the worst mistakes first.
    """

    predicted: Mapping[str, Array]
    targets: Mapping[str, Array]
    rows: Array
    samples: Mapping[str, Array]


def read_predictions(path: Path) -> Predictions:
    """Reads the file without ever unpickling anything.

    Raises:
        Damaged: it is no archive of numeric arrays, or arrays that belong together differ in length.
    """
    arrays = _arrays(path)
    rows = arrays.get("sample_index", np.zeros(0, np.int64)).reshape(-1)
    found = Predictions(
        predicted=_named(arrays, "prediction_"),
        targets=_named(arrays, "target_"),
        rows=rows.astype(np.int64),
        samples={name: sample for name, sample in _named(arrays, "sample_").items() if name != "index"},
    )
    _require_equal_lengths(found)
    return found


def _arrays(path: Path) -> dict[str, Array]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: np.asarray(archive[name]) for name in archive.files}
    except (OSError, ValueError, EOFError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        raise Damaged(f"it cannot be read as an archive of arrays ({type(error).__name__})") from error
    for name, array in arrays.items():
        if array.dtype.kind not in "biuf":
            raise Damaged(f"`{name}` holds {array.dtype}, not numbers")
        if not array.ndim:
            raise Damaged(f"`{name}` is a single number, not one an example")
    return arrays


def _named(arrays: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _require_equal_lengths(found: Predictions) -> None:
    for name, target in found.targets.items():
        if name in found.predicted and found.predicted[name].shape[:1] != target.shape[:1]:
            raise Damaged(f"`prediction_{name}` and `target_{name}` differ in length")
    for name, sample in found.samples.items():
        if sample.shape[:1] != found.rows.shape:
            raise Damaged(f"`sample_{name}` and `sample_index` differ in length")
