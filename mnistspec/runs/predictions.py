"""What is kept of the predictions: arrays in `predictions.npz` and a table in `predictions.csv`."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnistspec.datasets.loaded import Held
from mnistspec.datasets.stored import whole
from mnistspec.runs.folder import write_text, write_whole

Arrays = Mapping[str, NDArray[Any]]


def write_predictions(
    folder: Path,
    outputs: Mapping[str, Mapping[str, Any]],
    predicted: Arrays,
    targets: Arrays,
    samples: int,
    raw: Held,
    class_names: Sequence[str] | None,
) -> None:
    """Writes both files of what was `predicted` by output, and of the `raw` inputs of the worst `samples`."""
    tasks = {name: outputs[name]["task"] for name in predicted}
    likely = {name: as_probabilities(a, tasks[name], logits=outputs[name]["logits"]) for name, a in predicted.items()}
    first = next(iter(predicted))
    shown = worst_first(likely[first], targets.get(first), tasks[first], samples)
    write_arrays(folder / "predictions.npz", predicted, targets, shown, raw)
    write_table(folder / "predictions.csv", likely, targets, tasks, class_names)


def task_of(target: NDArray[Any] | None, prediction: NDArray[Any], classes: int | None) -> str:
    """`classification`, `binary` or `regression`, from the form of an output and what it learns."""
    if prediction.ndim == 2 and prediction.shape[1] > 1 and target is not None:
        if target.shape == prediction.shape and _is_one_hot(target):
            return "classification"
        if classes is not None and target.size == len(target):
            return "classification"
    if prediction.size == len(prediction) and target is not None and target.size == len(target):
        values = np.unique(target[:10_000])
        # NumPy takes the short floats of other libraries for raw bytes, kind V.
        if np.isin(values, (0, 1)).all() and prediction.dtype.kind in "fV":
            return "binary"
    return "regression"


def as_probabilities(prediction: NDArray[Any], task: str, *, logits: bool) -> NDArray[Any]:
    """An output as probabilities: itself, or where the loss took logits, their softmax or sigmoid."""
    if not logits or task == "regression":
        return prediction
    wide = prediction.astype("float64")
    if task == "binary":
        return np.asarray((1 + np.tanh(wide / 2)) / 2)  # the sigmoid, in a form that cannot overflow
    powers = np.exp(wide - wide.max(axis=1, keepdims=True))
    shares: NDArray[Any] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _is_one_hot(rows: NDArray[Any]) -> bool:
    some = rows[:1000]
    return bool(np.isin(some, (0, 1)).all() and (some.sum(axis=-1) == 1).all())


def true_classes(target: NDArray[Any], task: str) -> NDArray[np.int64]:
    """Class ids (examples,) from ids or one-hot rows."""
    if task == "classification" and target.ndim == 2 and target.shape[1] > 1:
        return np.asarray(target.argmax(axis=1))
    return target.reshape(len(target)).astype(np.int64)


def predicted_classes(prediction: NDArray[Any], task: str) -> NDArray[np.int64]:
    """Class ids (examples,) from probabilities."""
    if task == "binary":
        return (prediction.reshape(len(prediction)) > 0.5).astype(np.int64)
    return np.asarray(prediction.argmax(axis=1))


def worst_first(prediction: NDArray[Any], target: NDArray[Any] | None, task: str, count: int) -> NDArray[np.int64]:
    """The rows to show: mistakes by falling confidence (regression: by falling error), then the first right ones."""
    rows = np.arange(len(prediction))
    if target is None or not len(rows):
        return rows[:count]
    if task == "regression":
        if target.shape != prediction.shape:
            return rows[:count]
        error = np.abs(prediction.astype("float64") - target).reshape(len(rows), -1).mean(axis=1)
        return np.argsort(-error, kind="stable")[:count]
    guess = predicted_classes(prediction, task)
    wrong = guess != true_classes(target, task)
    flat = prediction.reshape(len(rows), -1)
    sureness = flat.max(axis=1) if task == "classification" else np.abs(flat[:, 0] - 0.5)
    order = np.argsort(np.where(wrong, -sureness, np.inf), kind="stable")
    return order[:count]


def write_arrays(path: Path, predictions: Arrays, targets: Arrays, shown: NDArray[np.int64], raw: Held) -> None:
    """`prediction_NAME` and `target_NAME` of every output; `sample_NAME`, the raw inputs of the rows to show."""
    arrays: dict[str, NDArray[Any]] = {f"prediction_{name}": _storable(array) for name, array in predictions.items()}
    arrays |= {f"target_{name}": array for name, array in targets.items()}
    arrays["sample_index"] = shown
    arrays |= {f"sample_{name}": whole(held[shown]) for name, held in raw.items()}
    # An array of objects would be pickled, and nobody should have to load a pickle.
    arrays = {name: array for name, array in arrays.items() if array.dtype != object}

    def fill(temporary: Path) -> None:
        with temporary.open("wb") as stream:
            np.savez(stream, **arrays)  # type: ignore[arg-type]

    write_whole(path, fill)


def _storable(array: NDArray[Any]) -> NDArray[Any]:
    """The array in a dtype that NumPy's files know: bfloat16 is none, and float32 holds all of its values."""
    return array.astype(np.float32) if array.dtype.kind == "V" or array.dtype.name == "bfloat16" else array


def write_table(
    path: Path, predictions: Arrays, targets: Arrays, tasks: Mapping[str, str], class_names: Sequence[str] | None
) -> None:
    """One row an example: its index, and for each output what was true, what was predicted, and how surely."""
    columns: list[tuple[str, list[Any]]] = [("index", list(range(len(next(iter(predictions.values()))))))]
    for name, prediction in predictions.items():
        prefix = f"{name}_" if len(predictions) > 1 else ""
        columns += _columns(prefix, prediction, targets.get(name), tasks[name], class_names)
    buffer = io.StringIO()
    table = csv.writer(buffer, lineterminator="\n")
    table.writerow([title for title, _ in columns])
    table.writerows(zip(*(values for _, values in columns), strict=True))
    write_text(path, buffer.getvalue())


def _columns(
    prefix: str, prediction: NDArray[Any], target: NDArray[Any] | None, task: str, class_names: Sequence[str] | None
) -> list[tuple[str, list[Any]]]:
    if task == "regression":
        flat = prediction.reshape(len(prediction), -1)
        if flat.shape[1] > 16:
            return [(f"{prefix}mean", flat.mean(axis=1).tolist())]
        found = [
            (f"{prefix}prediction" + (f"_{i}" if flat.shape[1] > 1 else ""), flat[:, i].tolist())
            for i in range(flat.shape[1])
        ]
        if target is not None and target.size == len(target):
            found.insert(0, (f"{prefix}target", target.reshape(len(target)).tolist()))
        return found
    guess = predicted_classes(prediction, task)
    flat = prediction.reshape(len(prediction), -1)
    sureness = (
        flat[np.arange(len(flat)), guess]
        if task == "classification"
        else np.where(guess == 1, flat[:, 0], 1 - flat[:, 0])
    )
    columns = [(f"{prefix}prediction", _names(guess, class_names)), (f"{prefix}probability", sureness.tolist())]
    if target is not None:
        columns.insert(0, (f"{prefix}label", _names(true_classes(target, task), class_names)))
    return columns


def _names(ids: NDArray[np.int64], class_names: Sequence[str] | None) -> list[Any]:
    if class_names is None or (len(ids) and int(ids.max()) >= len(class_names)):
        return list(ids.tolist())
    return [class_names[i] for i in ids]
