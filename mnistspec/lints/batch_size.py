"""A batch larger than the data."""

from __future__ import annotations

from mnistspec.datasets.facts import DataFacts
from mnistspec.diagnostics import Diagnostic
from mnistspec.spec import Spec


def batch_size(spec: Spec, facts: DataFacts | None) -> tuple[Diagnostic, ...]:
    """Such an epoch is one step on fewer examples than were asked for. Keras' default of 32 is nobody's mistake."""
    fit = spec.fit
    if fit is None or facts is None or not outgrows(spec, facts) or "batch_size" not in fit.spans:
        return ()
    message = f"a batch of {fit.batch_size:,} is more than the {facts.train:,} training examples"
    return (Diagnostic("W514", message, fit.spans["batch_size"], "write a smaller one: an epoch is now a single step"),)


def outgrows(spec: Spec, facts: DataFacts) -> bool:
    """Whether it is known that one batch would hold more than there is."""
    fit = spec.fit
    if fit is None or facts.train is None or "batch_size" in fit.hidden:
        return False
    return fit.batch_size > facts.train
