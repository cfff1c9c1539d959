"""Metrics that do not fit the labels, the loss or the output, `accuracy` among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mnistspec.calls import Call
from mnistspec.diagnostics import Diagnostic
from mnistspec.graph import by_each, snake_case
from mnistspec.lints.class_count import TWO_CLASSES
from mnistspec.lints.comparisons import METRICS, Fit, compare
from mnistspec.lints.loss_mismatch import BINARY, CATEGORICAL, SPARSE, both_shapes, fits_loss
from mnistspec.lints.outputs import Output, picked_by_shape
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph

# What each metric compares: class ids with a row of answers, rows with rows, single values one by one.
_OF_IDS = frozenset(["SparseCategoricalAccuracy", "SparseCategoricalCrossentropy", "SparseTopKCategoricalAccuracy"])
_OF_ROWS = frozenset(
    ["CategoricalAccuracy", "CategoricalCrossentropy", "CategoricalHinge", "F1Score", "FBetaScore",
     "TopKCategoricalAccuracy"]
)  # fmt: skip
_OF_BEST = frozenset(["SparseTopKCategoricalAccuracy", "TopKCategoricalAccuracy"])
_OF_VALUES = frozenset(
    ["AUC", "BinaryAccuracy", "BinaryCrossentropy", "CosineSimilarity", "FalseNegatives", "FalsePositives",
     "KLDivergence", "LogCoshError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredError",
     "MeanSquaredLogarithmicError", "Poisson", "Precision", "PrecisionAtRecall", "R2Score", "Recall",
     "RecallAtPrecision", "RootMeanSquaredError", "SensitivityAtSpecificity", "SpecificityAtSensitivity",
     "TrueNegatives", "TruePositives"]
)  # fmt: skip
# These cut at 0.5 unless told otherwise, by the argument that tells them.
_CUTTING = {
    "BinaryAccuracy": "threshold", "FalseNegatives": "thresholds", "FalsePositives": "thresholds",
    "Precision": "thresholds", "Recall": "thresholds", "TrueNegatives": "thresholds", "TruePositives": "thresholds",
}  # fmt: skip
_OF_NUMBERS = frozenset(
    ["Huber", "LogCosh", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredError",
     "MeanSquaredLogarithmicError", "Poisson"]
)  # fmt: skip
_FLOATS = frozenset(["float16", "bfloat16", "float32", "float64"])
_ACCURACIES = frozenset(["Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy"])


def metrics(outputs: Sequence[Output], typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Keras fails on some of these in the middle of the first step; of the others it gives a number without meaning."""
    return tuple(
        Diagnostic("W508", message, metric.span, help)
        for output in outputs
        for metric in _of_output(typed, spec, output.name)
        for message, help in _wrong(metric, output)
    )


def _of_output(typed: TypedGraph, spec: Spec, name: str) -> Iterator[Call]:
    """The metrics of one output that no reported mistake hides."""
    if spec.compile is None:
        return
    for key in ("metrics", "weighted_metrics"):
        given = getattr(spec.compile, key) if key not in spec.compile.hidden else None
        if not isinstance(given, Mapping) or typed.graph.complete:
            yield from by_each(given, typed.graph.output_names)[name]


def _wrong(metric: Call, output: Output) -> Iterator[tuple[str, str]]:
    """What is wrong with a metric, and what to write instead: the first that is found."""
    checks = _of_accuracy if picked_by_shape(metric) else _of_class
    yield from [*checks(metric, output), *_of_shapes(metric, output)][:1]


def _of_accuracy(metric: Call, output: Output) -> Iterator[tuple[str, str]]:
    """`accuracy`, for which Keras takes the binary, categorical or sparse one when it sees the shapes."""
    if metric.bare not in ("accuracy", "acc"):
        return
    yield from _of_numbers(metric, output)
    if output.size == 1:
        yield from _of_logits("BinaryAccuracy", "threshold", 0.5, output)
    # A loss of classes wants a unit for each, and that has been told.
    told = output.loss is not None and output.loss.name in {SPARSE, *TWO_CLASSES}
    if not told and output.size == 1 and output.learns_ids and output.target and (output.target.classes or 0) > 2:
        message = f"`{metric.bare}` of a single value tells two classes apart, and there are {output.target.classes}"
        yield message, "measure what the loss does, as in `mae`, or give the output a unit for each class"
    if _is_multi_label(output):
        message = f"`{metric.bare}` looks only at the largest of `{output.name}`'s {output.size} independent answers"
        yield message, "write `binary_accuracy` to count each answer, or `categorical_accuracy` if this is meant"


def _is_multi_label(output: Output) -> bool:
    """Whether several answers may be right at a time: rows, not known to be one-hot, learnt by a binary loss."""
    target, shape = output.target, output.tensor.shape
    if output.loss is None or output.loss.name not in BINARY or target is None or target.one_hot or not shape:
        return False
    rows = target.shape is not None and len(target.shape) == len(shape) - 1 and target.shape[-1:] == shape[-1:]
    return rows and output.size is not None and output.size > 1


def _of_shapes(metric: Call, output: Output) -> Iterator[tuple[str, str]]:
    """Whatever the loss compares, a metric may not: where the loss cannot either, that has been told."""
    if output.wanted is None or output.example is None or output.loss is None or output.met is not Fit.ONE_TO_ONE:
        return
    fit = compare(METRICS, metric, output.wanted, output.example)
    shapes, name = both_shapes(output), _shown(metric)
    if fit is Fit.IMPOSSIBLE:
        yield f"{shapes}, which {name} cannot compare", _measured_by(metric, output)
    elif fit is Fit.REPEATED:
        yield f"{shapes}: {name} repeats values to compare them", _measured_by(metric, output)


def _measured_by(metric: Call, output: Output) -> str:
    """What the labels would have to be, for those of one number; else what fits anything."""
    if output.wanted == () and output.example == (1,):
        return f"leave {_shown(metric)} out, or give each label an axis: `{{expand_dims: -1}}` in `data.prepare.y`"
    if metric.name in ("IoU", "MeanIoU") and output.learns_ids and metric.argument("sparse_y_pred") is not False:
        return "say `sparse_y_pred: false`, which looks for the largest value of each row"
    return "write `accuracy` for classes, `mae` for numbers"


def _of_class(metric: Call, output: Output) -> Iterator[tuple[str, str]]:
    name = _shown(metric)
    yield from _of_numbers(metric, output)
    if metric.name == "Accuracy" and output.tensor.dtype in _FLOATS and _is_classifier(output):
        yield f"{name} counts answers that equal the label to the last digit", "write `accuracy`"
    # Where the loss does not fit the labels either, that is the mistake, and it has been told.
    if output.size is not None and output.size > 1 and fits_loss(output):
        yield from _of_form(metric, output)
    yield from _of_best(metric, output)
    if metric.name in _CUTTING and output.size is not None:
        argument = _CUTTING[metric.name]
        yield from _of_logits(metric.name, argument, metric.argument(argument), output)


def _of_form(metric: Call, output: Output) -> Iterator[tuple[str, str]]:
    """Metrics of class ids against one-hot labels, and the other way round."""
    name = _shown(metric)
    if metric.name in _OF_IDS and output.learns_rows:
        yield f"{name} compares class ids, and the labels are one-hot rows", _instead(metric, "Sparse", "")
    if metric.name in _OF_ROWS and output.learns_ids:
        yield f"{name} compares one-hot rows, and the labels are class ids", _instead(metric, "", "Sparse")
    if metric.name in _OF_VALUES and output.learns_ids and _is_categorical(output):
        yield f"{name} compares value by value, and the labels are class ids", "write `accuracy`"
    if metric.name == "BinaryAccuracy" and output.learns_rows and _is_categorical(output):
        message = f"{name} counts each of the {output.size} answers by itself: all wrong but one is nearly all right"
        yield message, "write `accuracy`"


def _of_best(metric: Call, output: Output) -> Iterator[tuple[str, str]]:
    """The right class is always among the best of them when all are."""
    count = metric.argument("k") if metric.name in _OF_BEST else None
    if isinstance(count, int) and output.size is not None and 1 < output.size <= count:
        message = (
            f"{_shown(metric)} is always 1: `{output.name}` gives {output.size} values, and the best {count} count"
        )
        yield message, f"write a `k` under {output.size}, as in `{{{metric.name}: {{k: {max(1, output.size // 3)}}}}}`"


def _of_numbers(metric: Call, output: Output) -> Iterator[tuple[str, str]]:
    """Accuracies of a single number, learnt by a loss for numbers; rows of numbers may stand for classes."""
    target, loss = output.target, output.loss
    if loss is None or target is None or metric.name not in _ACCURACIES | _OF_IDS | _OF_ROWS:
        return
    number = target.dtype in {None, *_FLOATS} and target.classes is None and output.size == 1
    if number and loss.name in _OF_NUMBERS and output.activation == "linear":
        yield f"{_shown(metric)} counts right classes, and `{output.name}` learns numbers", "write `mae` or `mse`"


def _of_logits(name: str, argument: str, threshold: object, output: Output) -> Iterator[tuple[str, str]]:
    """Thresholds for probabilities on an output of logits, which are right from 0 on."""
    if output.loss is None or output.loss.name not in BINARY or not output.from_logits or threshold not in (None, 0.5):
        return
    if output.activation == "linear":
        message = f"`{name}` cuts at 0.5, and `{output.name}` gives logits, which are right from 0 on"
        yield message, f"write `{{{name}: {{{argument}: 0.0}}}}`"


def _is_classifier(output: Output) -> bool:
    return output.loss is not None and output.loss.name in BINARY | CATEGORICAL


def _is_categorical(output: Output) -> bool:
    return output.loss is not None and output.loss.name in CATEGORICAL


def _instead(metric: Call, out: str, prefix: str) -> str:
    """The metric of the other form of labels, as a word where a word was written."""
    if metric.name in ("F1Score", "FBetaScore", "CategoricalHinge"):
        return "add `one_hot` to `data.prepare.y` with a loss for one-hot rows, or write `accuracy`"
    other = prefix + metric.name.removeprefix(out)
    written = snake_case(other) if metric.bare is not None and metric.bare.islower() else other
    return f"write `{written}`, or `accuracy`, which fits either"


def _shown(metric: Call) -> str:
    return f"`{metric.bare or metric.name}`"
