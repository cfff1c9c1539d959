"""More steps than the data has batches."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.datasets.facts import DataFacts
from mnistspec.diagnostics import Diagnostic, Fix
from mnistspec.lints.batch_size import outgrows
from mnistspec.lints.steps import batches
from mnistspec.spec import FitSpec, Spec


def steps_past_data(spec: Spec, facts: DataFacts | None) -> tuple[Diagnostic, ...]:
    """Such an epoch sees examples again before it ends, and no longer is one; validation ends earlier than asked."""
    if spec.fit is None or facts is None or outgrows(spec, facts) or "batch_size" in spec.fit.hidden:
        return ()
    return tuple(_found(spec.fit, facts))


def _found(fit: FitSpec, facts: DataFacts) -> Iterator[Diagnostic]:
    validated = fit.validation_batch_size or fit.batch_size
    training = batches(facts.train, fit.batch_size)
    yield from _past(fit, "steps_per_epoch", fit.steps_per_epoch, training, "training set")
    if "validation_batch_size" not in fit.hidden and facts.validation:
        yield from _past(fit, "validation_steps", fit.validation_steps, batches(facts.validation, validated),
                         "validation set")  # fmt: skip


def _past(fit: FitSpec, name: str, steps: int | None, most: int | None, which: str) -> Iterator[Diagnostic]:
    if steps is None or most is None or steps <= most:
        return
    message = f"`{name}` is {steps:,}, and the {which} has {most:,} batches"
    span = fit.spans[name]
    yield Diagnostic(
        "W515", message, span, f"write `{name}: {most}`, or leave it out for all", fix=Fix(span, str(most))
    )
