"""How good an output is that tells classes apart: confusions, scores by class, calibration."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from mnistspec.frozen import dataclass
from mnistspec.reports.predictions import Array

BINS = 10  # of a reliability chart
Z95 = 1.959964  # the normal quantile of a 95 % interval


@dataclass(frozen=True)
class ClassScore:
    """How one class fared. A share is NaN where nothing was of the class, or nothing was taken for it."""

    name: str
    support: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """2 * precision * recall / (precision + recall); 0 where both are 0."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True)
class Confusion:
    """How often one class was taken for another, and which share of the true class that is."""

    true: str
    predicted: str
    count: int
    share: float


@dataclass(frozen=True)
class Bin:
    """The predictions whose confidence lies between two bounds: how sure they were, and how often right."""

    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, eq=False)
class Classified:
    """Predictions of classes. `true` (examples,) holds class ids, `probabilities` (examples, classes).

    `rows` (examples,) says which rows of the predictions they are; `left_out` counts those that cannot be judged: a
    prediction that is not a number, or a label that is no class. `from_scores` says that the model gives scores
    (logits), which a softmax or sigmoid turned into the probabilities. `per_example` is the number of labels that
    each example has.
    """

    names: tuple[str, ...]
    true: Array
    probabilities: Array
    rows: Array
    left_out: int = 0
    from_scores: bool = False
    per_example: int = 1

    @cached_property
    def predicted(self) -> Array:
        """The likeliest class of each, (examples,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @cached_property
    def confidence(self) -> Array:
        """The probability of the likeliest class, (examples,)."""
        return np.asarray(self.probabilities.max(axis=1, initial=0.0))

    @cached_property
    def matrix(self) -> Array:
        """Counts, (true class, predicted class)."""
        size = len(self.names)
        return np.bincount(self.true * size + self.predicted, minlength=size * size).reshape(size, size)

    @property
    def total(self) -> int:
        return len(self.true)

    @property
    def right(self) -> int:
        return int(self.matrix.trace())

    @property
    def accuracy(self) -> float:
        return _share(self.right, self.total)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the accuracy."""
        total, share = self.total, self.accuracy
        if not total:
            return math.nan, math.nan
        middle = share + Z95**2 / (2 * total)
        reach = Z95 * math.sqrt(share * (1 - share) / total + Z95**2 / (4 * total**2))
        scale = 1 + Z95**2 / total
        return (middle - reach) / scale, (middle + reach) / scale

    @cached_property
    def scores(self) -> tuple[ClassScore, ...]:
        right = self.matrix.diagonal()
        support, taken = self.matrix.sum(axis=1), self.matrix.sum(axis=0)
        return tuple(
            ClassScore(name, int(support[i]), _share(right[i], taken[i]), _share(right[i], support[i]))
            for i, name in enumerate(self.names)
        )

    def confusions(self, limit: int) -> tuple[Confusion, ...]:
        """The most frequent mistakes, most frequent first."""
        wrong = self.matrix * (1 - np.eye(len(self.names), dtype=np.int64))
        order = np.argsort(-wrong, axis=None, kind="stable")[:limit]
        pairs = [divmod(int(place), len(self.names)) for place in order]
        return tuple(self._confusion(true, taken) for true, taken in pairs if wrong[true, taken])

    def _confusion(self, true: int, taken: int) -> Confusion:
        count = int(self.matrix[true, taken])
        share = _share(count, self.matrix[true].sum())
        return Confusion(self.names[true], self.names[taken], count, share)

    @cached_property
    def bins(self) -> tuple[Bin, ...]:
        """Equal stretches of confidence from 0 to 1, those without predictions left out."""
        place = np.minimum((self.confidence * BINS).astype(np.int64), BINS - 1)
        right = self.predicted == self.true
        members = (place == index for index in range(BINS))
        return tuple(
            Bin(int(each.sum()), float(self.confidence[each].mean()), float(right[each].mean()))
            for each in members
            if each.any()
        )

    @property
    def calibration_error(self) -> float:
        """The gap between confidence and accuracy, averaged over the bins by their counts (the usual ECE)."""
        return _share(sum(each.count * abs(each.confidence - each.accuracy) for each in self.bins), self.total)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else math.nan
