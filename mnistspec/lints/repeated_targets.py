"""Losses that repeat values of one side to compare it with another shape: training runs, and means nothing."""

from __future__ import annotations

from collections.abc import Sequence

from mnistspec.diagnostics import Diagnostic
from mnistspec.lints.comparisons import Fit
from mnistspec.lints.loss_mismatch import both_shapes, fits_loss
from mnistspec.lints.outputs import Output
from mnistspec.lints.ways_to_targets import way_out
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph


def repeated_targets(outputs: Sequence[Output], typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Keras stretches an axis of one, or a missing one, without a word."""
    return tuple(
        Diagnostic("W522", f"{both_shapes(output)}: the loss repeats what is missing", output.loss_span,
                   way_out(typed, output))
        for output in outputs
        if output.met is Fit.REPEATED and fits_loss(output)
    )  # fmt: skip
