"""Two runs of one spec, held against each other bit for bit: history, weights, predictions, and what they ran on."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import h5py
import numpy as np
from numpy.typing import NDArray

from mnistspec.diagnostics import UsageError
from mnistspec.frozen import dataclass
from mnistspec.runs.folder import digest_of
from mnistspec.runs.run import Run

_WEIGHTS = "model.weights.h5"
_FILES = ("resolved.yaml", "initial.weights.h5", "history.csv", "model.keras", _WEIGHTS, "predictions.npz")
# What decides the bits beside the spec, each a key of run.json.
_ENVIRONMENT = (
    "versions", "backend", "devices", "machine", "threads", "deterministic", "jit_compile",
    "steps_per_execution", "python",
)  # fmt: skip
_Bits: TypeAlias = tuple[str, tuple[int, ...], bytes]


@dataclass(frozen=True)
class Comparison:
    """What came out otherwise: the first epoch of the history (from 1), and the arrays by name. Empty where nothing.

    `compared` names what both runs have. `changed` are files of the first that are no longer as it wrote them,
    `environment` is what differs in what the two ran on, a sentence each.
    """

    compared: tuple[str, ...]
    epoch: int | None
    weights: tuple[str, ...]
    predictions: tuple[str, ...]
    changed: tuple[str, ...]
    environment: tuple[str, ...]

    @property
    def identical(self) -> bool:
        return self.epoch is None and not self.weights and not self.predictions


def compare(first: Run, second: Run) -> Comparison:
    """Raises: UsageError where a file of a run cannot be read."""
    weights, predictions = (_pair(read, first, second) for read in (_weights, _predictions))
    named = {"the history": True, "the weights": weights is not None, "predictions.npz": predictions is not None}
    return Comparison(
        compared=tuple(name for name, there in named.items() if there),
        epoch=_first_epoch(_history(first.folder), _history(second.folder)),
        weights=_different(*weights) if weights else (),
        predictions=_different(*predictions) if predictions else (),
        changed=_changed(first),
        environment=_environment(first.record, second.record),
    )


def _changed(run: Run) -> tuple[str, ...]:
    """Which of its files that decide what is compared are not those that the run has left, or gone."""
    written: Mapping[str, Any] = run.record.get("artifacts") or {}
    return tuple(name for name in _FILES if name in written and not _is_as_written(run.folder / name, written[name]))


def _is_as_written(path: Path, written: Any) -> bool:
    return path.is_file() and digest_of(path) == written


def _pair(read: Any, first: Run, second: Run) -> tuple[dict[str, _Bits], dict[str, _Bits]] | None:
    """What is read of both runs; None where one was not asked to keep it."""
    one, other = read(first.folder), read(second.folder)
    return None if one is None or other is None else (one, other)


def _different(one: Mapping[str, _Bits], other: Mapping[str, _Bits]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys((*one, *other)) if one.get(name) != other.get(name))


def _first_epoch(one: list[dict[str, str]], other: list[dict[str, str]]) -> int | None:
    """The first epoch in which anything but the clock is otherwise; an epoch that only one run has counts."""
    for number, (row, also) in enumerate(zip(one, other, strict=False), 1):
        if row != also:
            return number
    return None if len(one) == len(other) else min(len(one), len(other)) + 1


def _history(folder: Path) -> list[dict[str, str]]:
    """The rows as text, which has every bit of a number, without what the clock says."""
    path = folder / "history.csv"
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    except (OSError, ValueError, csv.Error) as error:
        raise UsageError(f"`{path}` cannot be read: {getattr(error, 'strerror', None) or error}") from error
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


def _weights(folder: Path) -> dict[str, _Bits] | None:
    """Every weight and variable of the optimizer, from the file of weights or from inside the model's."""
    path, model = folder / _WEIGHTS, folder / "model.keras"
    try:
        if path.exists():
            return _arrays_of(path.read_bytes())
        if model.exists():
            with zipfile.ZipFile(model) as archive:
                return _arrays_of(archive.read(_WEIGHTS))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UsageError(f"the weights in `{folder}` cannot be read: {error}") from error
    return None


def _arrays_of(content: bytes) -> dict[str, _Bits]:
    found: dict[str, _Bits] = {}

    def visit(name: str, thing: Any) -> None:
        if isinstance(thing, h5py.Dataset):
            found[name] = _bits(np.asarray(thing))

    with h5py.File(io.BytesIO(content)) as file:
        file.visititems(visit)
    return found


def _predictions(folder: Path) -> dict[str, _Bits] | None:
    path = folder / "predictions.npz"
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as kept:
            return {name: _bits(kept[name]) for name in kept.files if name.startswith("prediction_")}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UsageError(f"`{path}` cannot be read: {error}") from error


def _bits(array: NDArray[Any]) -> _Bits:
    return array.dtype.str, array.shape, array.tobytes()


def _environment(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    before, now = ({name: record.get(name) for name in _ENVIRONMENT} for record in (one, other))
    first, second = ((record.get("data") or {}).get("digest") for record in (one, other))
    data = () if first == second else ("the data are not the same: their digest differs",)
    return (*data, *_differences(before, now, ""))


def _differences(before: Any, now: Any, name: str) -> list[str]:
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        keys = dict.fromkeys((*before, *now))
        return [line for key in keys for line in _differences(before.get(key), now.get(key), f"{name} {key}".strip())]
    return [] if before == now else [f"{name} was {before} and is {now}"]
