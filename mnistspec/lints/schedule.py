"""Schedules timed for another training: the rate is gone at once, or never falls."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mnistspec.calls import Call, is_complete
from mnistspec.datasets.facts import DataFacts
from mnistspec.diagnostics import Diagnostic, Fix
from mnistspec.lints.rates import TIMES, falls, number, rate_at
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
    assert spec.fit is not None
    return tuple(_of(given, steps, spec.fit.epochs)) if given.name in TIMES and falls(given) else ()


def _of(given: Call, steps: int, epochs: int) -> Iterator[Diagnostic]:
    message = _ill_timed(given, steps)
    if message is None:
        return
    warms = _warming(given) >= steps
    where = "warmup_steps" if warms else TIMES[given.name]
    at, lasts = given.span_of(where), _lasts(steps, epochs)
    if warms or given.name not in _ENDING:
        yield Diagnostic("W516", message, at, f"{_counts(given, where)}, and the training {lasts}")
    else:
        fitting = str(_fitting(given, steps))
        help = f"write `{where}: {fitting}`: it counts steps, and the training {lasts}{_of_which(given)}"
        yield Diagnostic("W516", message, at, help, fix=Fix(at, fitting))


def _ill_timed(given: Call, steps: int) -> str | None:
    """What is wrong with the rate in a training of so many steps; None where nothing is."""
    if _warming(given) >= steps:
        return f"the learning rate still rises when the training's {steps:,} steps are over"
    begin = max(rate_at(given, 0) or 0.0, rate_at(given, _warming(given)) or 0.0)
    gone, end = _gone_by(given, steps, begin), rate_at(given, steps)
    if gone is not None:
        last = min(gone, _last_step(given) or gone)
        return (
            f"the learning rate is down to {rate_at(given, gone):.2g} after {last:,} of the training's {steps:,} steps"
        )
    if end is None or not end >= _UNFALLEN * begin > 0:
        return None
    if end == begin:
        return f"the learning rate does not fall in the training's {steps:,} steps"
    left = math.floor(end / begin * 1000) / 10
    return f"at the end of the training the learning rate is still {left:g} % of the highest"


def _last_step(given: Call) -> int | None:
    """The last step in which the rate falls, where there is one."""
    steps = given.argument(TIMES[given.name])
    if isinstance(steps, tuple):
        return max((step for step in steps if isinstance(step, int)), default=None)
    return _warming(given) + steps if isinstance(steps, int) and given.name in _ENDING else None


def _counts(given: Call, where: str) -> str:
    if given.name == "ExponentialDecay":
        return f"in `{where}` steps the rate is multiplied by {number(given.argument('decay_rate')):g}"
    return f"`{where}` {'count' if where == 'boundaries' else 'counts'} steps"


def _lasts(steps: int, epochs: int) -> str:
    return f"has {steps:,}" + (f" ({epochs:,} epochs of {steps // epochs:,})" if epochs > 1 else "")


def _of_which(given: Call) -> str:
    return f", of which {_warming(given):,} warm up" if _warming(given) else ""


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
