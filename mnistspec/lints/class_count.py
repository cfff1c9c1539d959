"""More values in an output than there are classes to learn."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.diagnostics import Diagnostic
from mnistspec.lints.loss_mismatch import SPARSE, wrong_size
from mnistspec.lints.outputs import Output, outputs
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph


def class_count(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """The values left over are trained to be 0, and never used."""
    return tuple(found for output in outputs(typed, spec) for found in _of(output))


def _of(output: Output) -> Iterator[Diagnostic]:
    classes = output.target.classes if output.target is not None and output.learns_ids else None
    if output.loss is None or output.loss.name != SPARSE or classes is None or output.size is None:
        return
    if output.size > classes:
        yield wrong_size("W503", output, classes)
