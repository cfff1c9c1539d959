"""The loss against the form of the labels: class ids for the sparse one, one-hot rows for the categorical one."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.diagnostics import Diagnostic
from mnistspec.infer import TypedGraph
from mnistspec.lints.outputs import Output, outputs
from mnistspec.spec import Spec

_SPARSE = "SparseCategoricalCrossentropy"
_ONE_HOT = frozenset(["CategoricalCrossentropy", "CategoricalFocalCrossentropy", "CategoricalHinge"])


def labels(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Keras fails on these with a message about ranks that names neither the loss nor the labels."""
    return tuple(found for output in outputs(typed, spec) for found in _of(output))


def _of(output: Output) -> Iterator[Diagnostic]:
    if output.loss is None or output.target is None:
        return
    if output.loss.name == _SPARSE and output.target.one_hot:
        yield Diagnostic("W502", f"`{output.name}` learns one-hot rows by a loss for class ids", output.loss_span,
                         "use `categorical_crossentropy`, or leave `one_hot` out of `data.prepare.y`")  # fmt: skip
    if output.loss.name in _ONE_HOT and output.target.classes is not None and not output.target.one_hot:
        yield Diagnostic("W502", f"`{output.name}` learns class ids by a loss for one-hot rows", output.loss_span,
                         "use `sparse_categorical_crossentropy`, or add `one_hot` to `data.prepare.y`")  # fmt: skip
