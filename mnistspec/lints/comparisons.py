"""How Keras' losses and metrics compare an output with what it is to learn, by the shapes of the two.

Measured with Keras 3: some compare axis by axis and repeat an axis of one to fit, some want equal shapes, some a class
id for each row, some count the values alone. Most losses drop a last axis of one that the other does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import partial
from itertools import zip_longest
from typing import TypeAlias

from mnistspec.calls import Call
from mnistspec.shapes.base import Shape, Size
from mnistspec.shapes.sizes import product


class Fit(Enum):
    """How two shapes meet: each value has its own, some are compared several times over, or Keras stops."""

    ONE_TO_ONE = "one to one"
    REPEATED = "repeated"
    IMPOSSIBLE = "impossible"


# The batch axis as a size of its own, which no other axis is.
BATCH = -1

# What is wanted and what is given, each with the batch first; None: not known.
Rule: TypeAlias = Callable[[Call, Shape, Shape], Fit | None]


def compare(rules: Mapping[str, Rule], call: Call, wanted: Shape, given: Shape) -> Fit | None:
    """How a loss or metric meets the shapes of one example; None where that is not known."""
    name = picked(call.bare, wanted, given) or call.name
    rule = rules.get(name)
    return rule(call, (BATCH, *wanted), (BATCH, *given)) if rule is not None else None


def picked(word: str | None, wanted: Shape, given: Shape) -> str | None:
    """The class that Keras takes for `accuracy` and `crossentropy` when it sees the shapes; None for other words."""
    ending = {"accuracy": "Accuracy", "acc": "Accuracy", "crossentropy": "Crossentropy", "ce": "Crossentropy"}
    if word not in ending:
        return None
    sizes = (wanted[-1:] or (BATCH,), given[-1:] or (BATCH,))
    if (None,) in sizes:
        return ""
    if sizes[1] == (1,):
        return f"Binary{ending[word]}"
    sparse = len(wanted) < len(given) or sizes[0] == (1,)
    return f"{'Sparse' if sparse else ''}Categorical{ending[word]}"


def _axis(wanted: Size, given: Size) -> Fit | None:
    if wanted is None or given is None:
        return None
    if wanted == given:
        return Fit.ONE_TO_ONE
    return Fit.REPEATED if 1 in (wanted, given) else Fit.IMPOSSIBLE


def _worst(fits: Iterable[Fit | None]) -> Fit | None:
    found = set(fits)
    return next((fit for fit in (Fit.IMPOSSIBLE, None, Fit.REPEATED) if fit in found), Fit.ONE_TO_ONE)


def _repeating(call: Call, wanted: Shape, given: Shape) -> Fit | None:
    """Axis by axis from the last; an axis of one, or none at all, is repeated."""
    return _worst(_axis(*sizes) for sizes in zip_longest(reversed(wanted), reversed(given), fillvalue=1))


def _equal(call: Call, wanted: Shape, given: Shape) -> Fit | None:
    fit = _worst(_axis(*sizes) for sizes in zip_longest(wanted, given, fillvalue=0))
    return Fit.IMPOSSIBLE if fit is Fit.REPEATED else fit


def _ids(call: Call, wanted: Shape, given: Shape) -> Fit | None:
    """A class id for each row of values."""
    if len(wanted) == len(given) and wanted[-1] is None:
        return None
    ids = wanted[:-1] if len(wanted) == len(given) and wanted[-1] == 1 else wanted
    return _equal(call, ids, given[:-1])


def _counted(call: Call, wanted: Shape, given: Shape) -> Fit | None:
    """As many values on either side, in whatever shape."""
    counts = [product(shape[1:]) for shape in (wanted, given)]
    return None if None in counts else _equal(call, (counts[0],), (counts[1],))


def _counted_rows(call: Call, wanted: Shape, given: Shape) -> Fit | None:
    """Rows on both sides, and as many of them."""
    return _counted(call, wanted[:-1], given[:-1]) if min(len(wanted), len(given)) > 1 else Fit.IMPOSSIBLE


def _counted_ids(call: Call, wanted: Shape, given: Shape) -> Fit | None:
    if len(given) == 1 or call.argument("from_sorted_ids") is True:
        return None
    return _counted(call, wanted, given[:-1])


def _overlap(call: Call, wanted: Shape, given: Shape) -> Fit | None:
    """Class ids, or the place of the largest of a row where the metric is told that it is given rows."""
    rows = {name: name in call.facts.arguments and call.argument(name) is False for name in _SPARSE}
    rows["sparse_y_true"] |= call.name.startswith("OneHot")
    sides = [shape[:-1] if rows[name] else shape for name, shape in zip(_SPARSE, (wanted, given), strict=True)]
    return _counted(call, *sides) if all(sides) else None


def _best_of_row(call: Call, wanted: Shape, given: Shape) -> Fit | None:
    """The places of the largest values, of a row that is wanted and a row that is given."""
    return None if len(given) == 1 or len(wanted) > len(given) else _repeating(call, wanted[:-1], given[:-1])


def _best_is_id(call: Call, wanted: Shape, given: Shape) -> Fit | None:
    """The place of the largest value given, and the class id that is wanted."""
    if len(given) == 1 or (len(wanted) == len(given) and wanted[-1] is None):
        return None
    if len(wanted) == len(given) and wanted[-1] == 1:
        fit = _repeating(call, wanted[:-1], given[:-1])
        grown = fit is Fit.REPEATED and any(size == 1 != other for size, other in zip(wanted, given[:-1], strict=False))
        return Fit.IMPOSSIBLE if grown else fit
    return _repeating(call, wanted, given[:-1])


def _two_axes(call: Call, wanted: Shape, given: Shape) -> Fit | None:
    """Rows of numbers: a wanted one is repeated, a given one is not."""
    if len(wanted) != 2 or len(given) != 2:
        return Fit.IMPOSSIBLE
    return Fit.IMPOSSIBLE if given[1] == 1 and wanted[1] not in (1, None) else _repeating(call, wanted, given)


def _ranks(wanted_axes: int, given_axes: int, call: Call, wanted: Shape, given: Shape) -> Fit | None:
    """Sequences of ids that are as long as they like."""
    return Fit.ONE_TO_ONE if (len(wanted), len(given)) == (wanted_axes, given_axes) else Fit.IMPOSSIBLE


def _one_id(call: Call, wanted: Shape, given: Shape) -> Fit | None:
    """A class id for each example, and a row of values for each."""
    if wanted[1:] == (None,):
        return None
    return Fit.ONE_TO_ONE if wanted[1:] in ((), (1,)) and len(given) <= 2 else Fit.IMPOSSIBLE


def _id_as_row(call: Call, wanted: Shape, given: Shape) -> Fit | None:
    """Class ids made one-hot, compared value by value."""
    return _repeating(call, (*wanted, 0), (*given[:-1], 0))


def _squeezed(rule: Rule, call: Call, wanted: Shape, given: Shape) -> Fit | None:
    """The rule after a last axis of one is dropped that the other side does not have (or added to a single axis)."""
    longer, shorter = (wanted, given) if len(wanted) > len(given) else (given, wanted)
    if len(longer) != len(shorter) + 1:
        return rule(call, wanted, given)
    if longer[-1] is None:
        return None
    if longer[-1] != 1:
        return rule(call, wanted, given)
    sides = ((*shorter, 1), longer) if len(shorter) == 1 else (shorter, longer[:-1])
    return rule(call, *(sides if shorter is wanted else sides[::-1]))


_SPARSE = ("sparse_y_true", "sparse_y_pred")
_NUMBERS: Rule = partial(_squeezed, _repeating)

LOSSES: dict[str, Rule] = {
    **dict.fromkeys(
        ["MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Huber",
         "LogCosh", "CosineSimilarity", "KLDivergence", "Poisson", "Hinge", "SquaredHinge", "CategoricalHinge", "Dice",
         "Tversky", "CategoricalFocalCrossentropy"], _NUMBERS),
    **dict.fromkeys(
        ["CategoricalCrossentropy", "BinaryCrossentropy", "BinaryFocalCrossentropy"], partial(_squeezed, _equal)),
    "SparseCategoricalCrossentropy": partial(_squeezed, _ids),
    "CTC": partial(_squeezed, partial(_ranks, 2, 3)),
    "Circle": partial(_squeezed, _one_id),
    "CategoricalGeneralizedCrossEntropy": partial(_squeezed, _id_as_row),
}  # fmt: skip

METRICS: dict[str, Rule] = {
    **dict.fromkeys(
        ["Accuracy", "BinaryAccuracy", "MeanSquaredError", "RootMeanSquaredError", "MeanAbsoluteError",
         "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "LogCoshError", "CosineSimilarity",
         "PearsonCorrelation", "ConcordanceCorrelation"], _NUMBERS),
    **dict.fromkeys(["KLDivergence", "Poisson", "Hinge", "SquaredHinge", "CategoricalHinge"], _repeating),
    **dict.fromkeys(["BinaryCrossentropy", "CategoricalCrossentropy"], _equal),
    **dict.fromkeys(
        ["AUC", "Precision", "Recall", "TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives",
         "BinaryIoU", "PrecisionAtRecall", "RecallAtPrecision", "SensitivityAtSpecificity",
         "SpecificityAtSensitivity"], _counted),
    **dict.fromkeys(["IoU", "MeanIoU", "OneHotIoU", "OneHotMeanIoU"], _overlap),
    **dict.fromkeys(["F1Score", "FBetaScore"], _two_axes),
    "R2Score": partial(_squeezed, _two_axes),
    "CategoricalAccuracy": _best_of_row,
    "SparseCategoricalAccuracy": _best_is_id,
    "TopKCategoricalAccuracy": _counted_rows,
    "SparseTopKCategoricalAccuracy": _counted_ids,
    "SparseCategoricalCrossentropy": _ids,
}  # fmt: skip
