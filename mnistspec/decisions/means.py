"""Which losses and metrics are means over examples, whatever the batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mnistspec.calls import Call
from mnistspec.spec import CompileSpec

# Means over examples: XLA is known to compile them, and batches of any size give the same.
_MEANS = frozenset({
    "Accuracy", "BinaryAccuracy", "BinaryCrossentropy", "CategoricalAccuracy", "CategoricalCrossentropy",
    "CategoricalHinge", "Hinge", "Huber", "KLDivergence", "LogCosh", "MeanAbsoluteError",
    "MeanAbsolutePercentageError", "MeanSquaredError", "MeanSquaredLogarithmicError", "Poisson",
    "SparseCategoricalAccuracy", "SparseCategoricalCrossentropy", "SparseTopKCategoricalAccuracy", "SquaredHinge",
    "TopKCategoricalAccuracy",
})  # fmt: skip


def no_mean(compiled: CompileSpec) -> str | None:
    """The first loss or metric that may be no mean over examples."""
    given = listed((compiled.loss, compiled.metrics, compiled.weighted_metrics))
    return next((name_of(value) for value in given if not is_mean(value)), None)


def listed(values: Iterable[object]) -> Iterable[object]:
    """Each loss and metric in what a spec says of them: one, a list, or these by output."""
    for value in values:
        if isinstance(value, Mapping):
            yield from listed(value.values())
        elif isinstance(value, tuple):
            yield from listed(value)
        elif value is not None:
            yield value


def name_of(value: object) -> str:
    return value.name if isinstance(value, Call) else str(value)


def is_mean(value: object) -> bool:
    """Whether a loss or metric is a mean over examples as Keras makes it unless told otherwise."""
    if not isinstance(value, Call) or value.name not in _MEANS:
        return False
    reduction = value.facts.arguments.get("reduction")
    return reduction is None or value.argument("reduction") == reduction.default
