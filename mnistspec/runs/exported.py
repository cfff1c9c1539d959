"""Exports beside the model: each run by its own runtime and compared with the trained model number by number."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnistspec.datasets.loaded import Split
from mnistspec.datasets.stored import whole
from mnistspec.diagnostics import OutputFailed, first_line
from mnistspec.exporters.deployment import FORMATS, Format
from mnistspec.exporters.deployment.serving import SavedModels
from mnistspec.plan import Plan
from mnistspec.runs.folder import writing

# How far an export may be from the trained model, of the largest number predicted: other kernels round differently,
# and those of half precision in the third digit.
_TOLERANCE = {"float32": 1e-4, "float64": 1e-4}
_HALF = 3e-2
_COMPARED = 32


def write_exports(
    model: keras.Model,
    formats: tuple[str, ...],
    folder: Path,
    predicted: Mapping[str, NDArray[Any]],
    split: Split,
    plan: Plan,
) -> dict[str, Any]:
    """Writes each format into the run's folder and says how far its predictions are from the model's.

    One that cannot be made, or that predicts otherwise, is left out and has an `error` instead. Raises: OutputFailed.
    """
    with writing(folder), tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as made:
        models = SavedModels(model, tuple(given.name for given in plan.inputs), plan.output_names, Path(made))
        size = plan.batch_size or _COMPARED
        given = dict(zip(models.inputs, _arrays(model, split, plan, size), strict=True))
        wanted = [predicted[name][:size] for name in plan.output_names]
        bound = _TOLERANCE.get(plan.precision, _HALF)
        return {name: _exported(FORMATS[name], models, folder, given, wanted, bound) for name in formats}


def _exported(
    format: Format,
    models: SavedModels,
    folder: Path,
    given: Mapping[str, NDArray[Any]],
    wanted: list[NDArray[Any]],
    bound: float,
) -> dict[str, Any]:
    made = models.folder / format.path
    try:
        at_once = format.write(models, made)
        found = _predicted(format, made, given, at_once)
    except (OSError, OutputFailed):
        raise
    except Exception as error:
        # Four converters and four runtimes fail in as many ways; each is an export that failed.
        return {"error": first_line(error)}
    apart = [_distance(one, found[name]) for one, name in zip(wanted, models.outputs, strict=True)]
    record = {"path": format.path, "compared": len(wanted[0]), "largest_difference": max(far for far, _ in apart)}
    if not all(far <= bound * scale for far, scale in apart):
        return record | {"error": f"it predicts otherwise than the model, up to {record['largest_difference']:g} apart"}
    made.replace(folder / format.path)
    return record | {"batch_size": at_once, "inputs": list(models.inputs), "outputs": list(models.outputs)}


def _predicted(
    format: Format, path: Path, given: Mapping[str, NDArray[Any]], at_once: int | None
) -> dict[str, NDArray[Any]]:
    count = len(next(iter(given.values())))
    if at_once is None:
        return format.predict(path, given)
    parts = [
        format.predict(path, {name: array[start : start + at_once] for name, array in given.items()})
        for start in range(0, count - count % at_once, at_once)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _distance(wanted: NDArray[Any], found: NDArray[Any]) -> tuple[float, float]:
    """The largest difference, and the largest number there is, at least 1. What is no number in both does not count."""
    if wanted.shape != found.shape:
        return float("inf"), 1.0
    one, other = wanted.astype("float64"), found.astype("float64")
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    far = float(np.max(np.where(same, 0.0, np.abs(one - other)), initial=0.0))
    return far, max(1.0, float(np.max(np.abs(one[np.isfinite(one)]), initial=0.0)))


def _arrays(model: keras.Model, split: Split, plan: Plan, size: int) -> list[NDArray[Any]]:
    """The first inputs, in the model's dtypes and in its order, which need not be that of the data."""
    one = len(plan.inputs) == len(split.x) == 1
    found = list(split.x.values()) if one else [split.x[given.name] for given in plan.inputs]
    return [whole(array[:size]).astype(tensor.dtype) for array, tensor in zip(found, model.inputs, strict=True)]
