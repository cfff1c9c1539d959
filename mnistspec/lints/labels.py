"""The loss against the form of the labels: class ids for the sparse one, one-hot rows for the categorical one."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.diagnostics import Diagnostic, Fix
from mnistspec.infer import TypedGraph
from mnistspec.lints.outputs import Output, outputs, picked_by_shape
from mnistspec.spec import Spec

_SPARSE = "SparseCategoricalCrossentropy"
_ONE_HOT = frozenset(["CategoricalCrossentropy", "CategoricalFocalCrossentropy", "CategoricalHinge"])


def labels(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Keras fails on these with a message about ranks that names neither the loss nor the labels."""
    return tuple(found for output in outputs(typed, spec) for found in _of(output))


def _of(output: Output) -> Iterator[Diagnostic]:
    if output.loss is None or picked_by_shape(output.loss):
        return
    if output.loss.name == _SPARSE and output.learns_rows:
        yield Diagnostic("W502", f"`{output.name}` learns one-hot rows by a loss for class ids", output.loss_span,
                         "use `categorical_crossentropy`, or leave `one_hot` out of `data.prepare.y`",
                         fix=_word(output, "categorical_crossentropy"))  # fmt: skip
    if output.loss.name in _ONE_HOT and output.learns_ids:
        yield Diagnostic("W502", f"`{output.name}` learns class ids by a loss for one-hot rows", output.loss_span,
                         "use `sparse_categorical_crossentropy`, or add `one_hot` to `data.prepare.y`",
                         fix=_word(output, "sparse_categorical_crossentropy"))  # fmt: skip


def fits_labels(output: Output) -> bool:
    """Whether the loss takes labels of the form that there are, as far as is known."""
    return not any(_of(output))


def _word(output: Output, loss: str) -> Fix | None:
    """The other loss, where the one to be replaced was written as a word."""
    written = output.loss is not None and output.loss.bare is not None and output.loss_span is not None
    return Fix(output.loss_span, loss) if written and output.loss_span is not None else None
