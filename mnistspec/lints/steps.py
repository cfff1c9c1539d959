"""What the lints share on steps: how many an epoch and a training have."""

from __future__ import annotations

import math

from mnistspec.datasets.facts import DataFacts
from mnistspec.spec import FitSpec, Spec

_COUNTS = frozenset(["epochs", "batch_size", "steps_per_epoch"])


def batches(examples: int | None, size: int) -> int | None:
    """How many batches the examples fill, the last one perhaps in part."""
    return None if examples is None else math.ceil(examples / size)


def training_steps(spec: Spec, facts: DataFacts | None) -> int | None:
    """How many times a whole training changes the weights; None where it is not known."""
    fit = spec.fit
    if fit is None or fit.hidden & _COUNTS:
        return None
    steps = _epoch_steps(fit, facts)
    return None if steps is None else steps * fit.epochs


def _epoch_steps(fit: FitSpec, facts: DataFacts | None) -> int | None:
    if fit.steps_per_epoch is not None:
        return fit.steps_per_epoch
    return batches(facts.train, fit.batch_size) if facts is not None else None
