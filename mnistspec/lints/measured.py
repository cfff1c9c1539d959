"""What the lints share on what a training logs: the losses and metrics by name, and which way each gets better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from mnistspec.calls import Call
from mnistspec.frozen import dataclass
from mnistspec.graph import by_each, by_output, snake_case
from mnistspec.lints.outputs import knows_outputs
from mnistspec.spec import Spec
from mnistspec.structures import has_lists
from mnistspec.typed import TypedGraph

# The settings whose values may be given by output.
_PARTS = ("loss", "metrics", "weighted_metrics")
# The metrics that are better above, and those that are better below, as Keras has it.
HIGHER = frozenset([
    "AUC", "Accuracy", "BinaryAccuracy", "BinaryIoU", "CategoricalAccuracy", "ConcordanceCorrelation",
    "CosineSimilarity", "F1Score", "FBetaScore", "IoU", "MeanIoU", "OneHotIoU", "OneHotMeanIoU", "PearsonCorrelation",
    "Precision", "PrecisionAtRecall", "R2Score", "Recall", "RecallAtPrecision", "SensitivityAtSpecificity",
    "SparseCategoricalAccuracy", "SparseTopKCategoricalAccuracy", "SpecificityAtSensitivity",
    "TopKCategoricalAccuracy",
])  # fmt: skip
LOWER = frozenset([
    "BinaryCrossentropy", "CategoricalCrossentropy", "CategoricalHinge", "Hinge", "KLDivergence", "LogCoshError",
    "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredError", "MeanSquaredLogarithmicError", "Poisson",
    "RootMeanSquaredError", "SparseCategoricalCrossentropy", "SquaredHinge",
])  # fmt: skip

# The callbacks that log the learning rate, which they set.
_SETTING = frozenset(["LearningRateScheduler", "ReduceLROnPlateau"])


@dataclass(frozen=True)
class Measured:
    """What is logged after each epoch, without `val_`: each name with the mode it gets better by, None where neither.

    `by_itself` are the names whose mode Keras finds when it is `auto`; None where a metric of the author's may be one.
    """

    modes: Mapping[str, str | None]
    by_itself: frozenset[str] | None

    @property
    def validated(self) -> tuple[str, ...]:
        """What is logged of validation also."""
        return tuple(sorted(self.modes.keys() - {"learning_rate"}))


def _logs_rate(spec: Spec) -> bool:
    """Whether Keras logs the learning rate: a callback that sets it does, and one of the author's may."""
    fit = spec.fit
    return (
        fit is None or "callbacks" in fit.hidden or any(c.code is not None or c.name in _SETTING for c in fit.callbacks)
    )


def measured(typed: TypedGraph, spec: Spec) -> Measured | None:
    """What a training measures; None where a reported mistake hides it, or where Keras logs paths."""
    if spec.compile is None or not _is_known(typed, spec):
        return None
    metrics = tuple(_metrics(typed, spec))
    losses: dict[str, str | None] = dict.fromkeys(_losses(typed, spec), "min")
    rate: dict[str, str | None] = {"learning_rate": None} if _logs_rate(spec) else {}
    modes = {"loss": "min", **rate, **losses, **{logged: _mode(call) for logged, _, call in metrics}}
    # Keras looks for the name among those that its metrics have, and knows no loss but the sum of all.
    found = {name for _, name, call in metrics if _mode(call) is not None}
    ours = any(call.code is not None for _, _, call in metrics)
    return Measured(modes, None if ours else frozenset(["loss", *found]))


def _is_known(typed: TypedGraph, spec: Spec) -> bool:
    """Whether no reported mistake hides a metric, or an output that names are made of."""
    given = spec.compile
    assert given is not None
    # Of outputs in lists inside a list Keras logs paths.
    structured = has_lists(typed.graph.output_structure)
    if given.hidden & {"metrics", "weighted_metrics"} or structured or not knows_outputs(typed, spec):
        return False
    named = {name for part in _PARTS if isinstance(value := getattr(given, part), Mapping) for name in value}
    # A name that no output has is a mistake that has been told.
    return not named or (typed.graph.complete and named <= {*typed.graph.output_names})


def _losses(typed: TypedGraph, spec: Spec) -> Iterator[str]:
    """Each output's loss is logged by itself where there are several."""
    assert spec.compile is not None
    known = typed.graph.outputs_in_keras
    losses = by_each(by_output(spec.compile.loss, known), [known[name] for name in typed.graph.output_names])
    if sum(map(len, losses.values())) > 1:
        yield from (f"{name}_loss" for name, given in losses.items() if given)


def _metrics(typed: TypedGraph, spec: Spec) -> Iterator[tuple[str, str, Call]]:
    """Each metric: the name that Keras logs it under, its own name, and itself."""
    assert spec.compile is not None
    known = typed.graph.outputs_in_keras
    names = [known[name] for name in typed.graph.output_names]
    seen: Counter[str] = Counter()
    for weighted, metrics in (("", spec.compile.metrics), ("weighted_", spec.compile.weighted_metrics)):
        for output, call in _by_output(by_each(by_output(metrics, known), names)):
            before, metric = f"{output}_" if len(names) > 1 else "", _own_name(call)
            name = before + metric if not seen[before + metric] else f"{before}{weighted}{metric}"
            yield name if not seen[name] else f"{name}_{seen[name]}", metric, call
            seen[name] += 1


def _by_output(metrics: Mapping[str, tuple[Call, ...]]) -> Iterator[tuple[str, Call]]:
    for output, given in metrics.items():
        for call in given:
            yield output, call


def _own_name(call: Call) -> str:
    """The name a metric is logged under: as written in words, its `name`, or its class' own."""
    if call.bare is not None and not call.bare[:1].isupper():
        return call.bare
    name = call.argument("name")
    return name if isinstance(name, str) else snake_case(call.name)


def _mode(call: Call) -> str | None:
    """The mode of what gets better that way; None for counts, and for what is not Keras' own."""
    if call.code is not None:
        return None
    return "max" if call.name in HIGHER else "min" if call.name in LOWER else None
