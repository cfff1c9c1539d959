"""Schedules timed for another training: the rate is gone at once, or never falls."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.calls import Call, is_complete
from mnistspec.datasets.facts import DataFacts
from mnistspec.diagnostics import Diagnostic, Fix
from mnistspec.lints.rates import TIMES, falls, rate_at
from mnistspec.lints.steps import training_steps
from mnistspec.spec import Spec

# A training shorter than this is a trial: nothing is to be said of its schedule.
_FEWEST_STEPS = 100
# Above this part of its beginning the rate has not fallen.
_UNFALLEN = 0.98
# By this part of the training no schedule should have brought the rate down to that part of its beginning.
_EARLY, _GONE = 0.02, 0.1
# Schedules that are made to end with the training.
_ENDING = frozenset(["CosineDecay", "PolynomialDecay"])


def schedule(spec: Spec, facts: DataFacts | None) -> tuple[Diagnostic, ...]:
    """Schedules count steps; one that counts epochs is over at once, one that counts examples never ends."""
    steps = training_steps(spec, facts)
    if spec.compile is None or "optimizer" in spec.compile.hidden or steps is None or steps < _FEWEST_STEPS:
        return ()
    optimizer = spec.compile.optimizer
    given = optimizer.argument("learning_rate")
    # With accumulated gradients a step of the schedule is not a step of the training.
    if not isinstance(given, Call) or not is_complete(given) or optimizer.argument("gradient_accumulation_steps"):
        return ()
    return tuple(_of(given, steps)) if given.name in TIMES and falls(given) else ()


def _of(given: Call, steps: int) -> Iterator[Diagnostic]:
    begin = max(rate_at(given, 0) or 0.0, rate_at(given, _warming(given)) or 0.0)
    gone = _gone_by(given, steps, begin)
    end = rate_at(given, steps)
    where, name = given.span_of(TIMES[given.name]), TIMES[given.name]
    help = f"`{name}` counts steps, and the training has {steps:,}"
    fix = Fix(where, str(_fitting(given, steps))) if given.name in _ENDING else None
    if gone is not None:
        rate = rate_at(given, gone)
        message = f"the learning rate is down to {rate:.2g} after {gone:,} of the training's {steps:,} steps"
        yield Diagnostic("W516", message, where, help, fix=fix)
    elif end is not None and end >= _UNFALLEN * begin > 0:
        message = f"at the end of the training the learning rate is still {end / begin:.0%} of the highest"
        yield Diagnostic("W516", message, where, help, fix=fix)


def _gone_by(given: Call, steps: int, begin: float) -> int | None:
    """The step by which the rate is gone far too early: almost gone early on, or nothing for half of the training."""
    early, half = round(steps * _EARLY), steps // 2
    soon, later = rate_at(given, early), rate_at(given, half)
    if soon is not None and soon <= _GONE * begin and early >= _warming(given):
        return early
    return half if later is not None and later <= 0.0 < begin and half >= _warming(given) else None


def _warming(given: Call) -> int:
    """The steps in which the rate rises first."""
    steps = given.argument("warmup_steps") if given.argument("warmup_target") is not None else 0
    return steps if isinstance(steps, int) else 0


def _fitting(given: Call, steps: int) -> int:
    """The steps that a schedule takes to end with the training."""
    return max(1, steps - _warming(given))
