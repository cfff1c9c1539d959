"""Which test examples are worth looking at: the surest mistakes, or a few right answers where there is no mistake."""

from __future__ import annotations

import numpy as np

from mnistspec.frozen import dataclass
from mnistspec.reports.classified import Classified
from mnistspec.reports.predictions import Predictions

MISTAKES, RIGHT_ONES = 24, 12  # pictures shown an output, at most


@dataclass(frozen=True)
class Example:
    """One example and what was made of it. `position` is its place among the samples, `row` among the predictions."""

    position: int
    row: int
    true: str
    predicted: str
    confidence: float
    runner_up: str
    runner_up_chance: float
    right: bool


def examples_to_show(judged: Classified, predictions: Predictions) -> tuple[Example, ...]:
    """The wrong ones among the kept samples, surest first; where none is wrong, some right ones as they stand."""
    if judged.per_example != 1:
        return ()
    known = [each for each in enumerate(predictions.rows.tolist()) if each[1] in judged.rows]
    examples = [_example(judged, position, row) for position, row in known]
    wrong = sorted((each for each in examples if not each.right), key=lambda each: -each.confidence)
    return tuple(wrong[:MISTAKES] or examples[:RIGHT_ONES])


def _example(judged: Classified, position: int, row: int) -> Example:
    place = int(np.searchsorted(judged.rows, row))
    chances = judged.probabilities[place]
    first, second = np.argsort(-chances, kind="stable")[:2].tolist()
    return Example(
        position=position,
        row=row,
        true=judged.names[int(judged.true[place])],
        predicted=judged.names[first],
        confidence=float(chances[first]),
        runner_up=judged.names[second],
        runner_up_chance=float(chances[second]),
        right=first == int(judged.true[place]),
    )
