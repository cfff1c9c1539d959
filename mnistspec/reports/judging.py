"""From an output's arrays to a judgement: what its task is decides how predictions and targets are read."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from mnistspec.frozen import dataclass
from mnistspec.reports.classified import Classified
from mnistspec.reports.predictions import Array, Predictions
from mnistspec.reports.record import OutputRecord
from mnistspec.reports.regressed import Regressed


@dataclass(frozen=True)
class Unjudged:
    """Predictions that a report has no picture of, and why."""

    reason: str


Judgement: TypeAlias = Classified | Regressed | Unjudged


def judge(output: OutputRecord, predictions: Predictions) -> Judgement:
    """What the predictions of one output are worth."""
    predicted, target = predictions.predicted.get(output.name), predictions.targets.get(output.name)
    if predicted is None or target is None:
        return Unjudged("predictions.npz holds no predictions of this output with their targets")
    if not predicted.size:
        return Unjudged("there was no example to predict")
    if output.task == "regression":
        return _regressed(predicted, target)
    one_number = output.task == "binary" or predicted.ndim == 1 or predicted.shape[-1] == 1
    if one_number and predicted.size == target.size:
        return _binary(output, predicted, target)
    return _classified(output, predicted, target)


def _regressed(predicted: Array, target: Array) -> Judgement:
    if predicted.size != target.size:
        return _unlike(predicted, target)
    true, guessed = (array.reshape(-1).astype(np.float64) for array in (target, predicted))
    finite = np.isfinite(true) & np.isfinite(guessed)
    if not finite.any():
        return Unjudged("none of the predictions is a finite number")
    per_example = predicted.size // len(predicted)
    rows = np.flatnonzero(finite) // per_example
    return Regressed(true[finite], guessed[finite], rows, int((~finite).sum()), per_example)


def _binary(output: OutputRecord, predicted: Array, target: Array) -> Judgement:
    """Two classes from one number a label; targets may be 0 and 1, or -1 and 1."""
    score = predicted.reshape(-1).astype(np.float64)
    from_scores = output.logits or not _in_unit(score)
    chance = 1 / (1 + np.exp(-np.clip(score, -500, 500))) if from_scores else score
    true = (target.reshape(-1) > 0.5).astype(np.int64)
    return _judged(_names(output, 2), true, np.stack([1 - chance, chance], axis=1), len(predicted), from_scores)


def _classified(output: OutputRecord, predicted: Array, target: Array) -> Judgement:
    """One probability a class in the last dimension; any dimensions between hold several labels an example."""
    classes = predicted.shape[-1] if predicted.ndim > 1 else 1
    if classes == 1:
        return _unlike(predicted, target)
    if target.shape == predicted.shape:
        ids = target.argmax(axis=-1).reshape(-1)
    elif target.size == predicted.size // classes:
        ids = target.reshape(-1)
    else:
        return _unlike(predicted, target)
    scores = predicted.reshape(-1, classes).astype(np.float64)
    from_scores = output.logits or not _are_chances(scores)
    chances = _softmax(scores) if from_scores else scores
    return _judged(_names(output, classes), ids, chances, len(predicted), from_scores)


def _judged(names: tuple[str, ...], ids: Array, chances: Array, examples: int, from_scores: bool) -> Judgement:
    known = np.isfinite(chances).all(axis=1) & np.isin(ids, np.arange(len(names)))
    if not known.any():
        return Unjudged("none of the predictions is a finite number with a label among the classes")
    per_example = len(ids) // examples
    rows = np.arange(len(ids)) // per_example
    left_out = int((~known).sum())
    return Classified(
        names, ids[known].astype(np.int64), chances[known], rows[known], left_out, from_scores, per_example
    )


def _names(output: OutputRecord, classes: int) -> tuple[str, ...]:
    known = output.class_names or ()
    return tuple(known[i] if i < len(known) and known[i].strip() else str(i) for i in range(classes))


def _in_unit(scores: Array) -> bool:
    finite = scores[np.isfinite(scores)]
    return bool(((finite >= 0) & (finite <= 1)).all())


def _are_chances(scores: Array) -> bool:
    """Whether rows are probabilities; the tolerance is that of a softmax in half precision."""
    finite = scores[np.isfinite(scores).all(axis=1)]
    return _in_unit(finite) and bool((np.abs(finite.sum(axis=1) - 1) < 0.02).all())


def _softmax(scores: Array) -> Array:
    with np.errstate(invalid="ignore", over="ignore"):  # rows that are not numbers are left out afterwards
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _unlike(predicted: Array, target: Array) -> Unjudged:
    return Unjudged(f"predictions of shape {predicted.shape} cannot be held against targets of shape {target.shape}")
