"""More values in an output than there are classes to learn, or one value that tells only two of them apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mnistspec.diagnostics import Diagnostic
from mnistspec.lints.loss_mismatch import BINARY, SPARSE, wrong_size
from mnistspec.lints.outputs import Output
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph

# Losses for which a single value tells one class from another.
TWO_CLASSES = BINARY | {"Hinge", "SquaredHinge"}


def class_count(outputs: Sequence[Output], typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """The values left over are trained to be 0, and never used; a class id of 2 and more is trained as if it were 1."""
    return tuple(found for output in outputs for found in _of(output))


def _of(output: Output) -> Iterator[Diagnostic]:
    classes = output.target.classes if output.target is not None and output.learns_ids else None
    if output.loss is None or classes is None or output.size is None:
        return
    if output.loss.name == SPARSE and output.size > classes:
        yield wrong_size("W503", output, classes)
    if output.loss.name in TWO_CLASSES and output.size == 1 and classes > 2:
        found = wrong_size("W503", output, classes)
        learnt = "`activation: softmax` and the loss `sparse_categorical_crossentropy`"
        yield replace(found, help=f"{found.help}, with {learnt}", fix=None)
