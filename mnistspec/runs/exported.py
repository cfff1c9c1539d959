"""Exports beside the model: each loaded by its own runtime and compared with the trained model number by number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnistspec.datasets.loaded import Split
from mnistspec.diagnostics import MissingExtra, RunFailed, first_line
from mnistspec.plan import Plan

# How far an export may be from the trained model, as numpy.allclose has it: other kernels round differently.
_RELATIVE, _ABSOLUTE = 1e-4, 1e-5
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

    Raises: MissingExtra for a format whose runtime is not installed, RunFailed when an export differs.
    """
    return {name: _export(name, model, folder, predicted, split, plan) for name in formats}


def _export(
    name: str, model: keras.Model, folder: Path, predicted: Mapping[str, NDArray[Any]], split: Split, plan: Plan
) -> dict[str, Any]:
    if name not in _RUNNERS:
        raise MissingExtra(f"this version does not export to {name} yet; it exports to {', '.join(_RUNNERS)}")
    arrays = [array[:_COMPARED] for array in _arrays(split, plan)]
    path = folder / "saved_model"
    try:
        model.export(path, format="tf_saved_model", verbose=False)
        found = _RUNNERS[name](path, arrays)
    except (ValueError, TypeError, RuntimeError) as error:
        raise RunFailed(f"the export to {name} failed: {first_line(error)}") from error
    expected = [predicted[output][:_COMPARED] for output in plan.output_names]
    furthest = max(float(np.max(np.abs(a - b))) for a, b in zip(expected, found, strict=True))
    if not all(np.allclose(a, b, rtol=_RELATIVE, atol=_ABSOLUTE) for a, b in zip(expected, found, strict=True)):
        raise RunFailed(f"the export to {name} predicts otherwise than the model: {furthest:g} apart")
    return {"path": path.name, "compared": len(expected[0]), "largest_difference": furthest}


def _arrays(split: Split, plan: Plan) -> list[NDArray[Any]]:
    """The inputs in the model's order, which need not be that of the data."""
    if len(plan.inputs) == len(split.x) == 1:
        return list(split.x.values())
    return [split.x[given.name] for given in plan.inputs]


def _run_saved_model(path: Path, arrays: list[NDArray[Any]]) -> list[NDArray[Any]]:
    import tensorflow as tf

    served = tf.saved_model.load(str(path))
    given = [
        tf.convert_to_tensor(array, dtype=spec.dtype) for array, spec in zip(arrays, _signature(served), strict=True)
    ]
    result = served.serve(given[0]) if len(given) == 1 else served.serve(given)
    return [np.asarray(tensor) for tensor in keras.tree.flatten(result)]


def _signature(served: Any) -> list[Any]:
    """The tensors that the export takes, in the model's order."""
    arguments, _ = served.serve.concrete_functions[0].structured_input_signature
    flat: list[Any] = keras.tree.flatten(arguments)
    return flat


_RUNNERS: dict[str, Callable[[Path, list[NDArray[Any]]], list[NDArray[Any]]]] = {"saved_model": _run_saved_model}
