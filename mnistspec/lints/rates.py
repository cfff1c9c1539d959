"""What the lints share on learning rates: the rate a schedule gives at a step, as Keras works it out."""

from __future__ import annotations

import math
from collections.abc import Callable

from mnistspec.calls import Call, Value

# The argument of each schedule that says how long it takes, in steps.
TIMES = {
    "CosineDecay": "decay_steps",
    "CosineDecayRestarts": "first_decay_steps",
    "ExponentialDecay": "decay_steps",
    "InverseTimeDecay": "decay_steps",
    "PiecewiseConstantDecay": "boundaries",
    "PolynomialDecay": "decay_steps",
}


def number(value: Value) -> float | None:
    """The value where it is a number."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def highest_rate(rate: Value) -> float | None:
    """The highest learning rate that a number or a schedule gives; None where it is not known."""
    if not isinstance(rate, Call):
        return number(rate)
    values = rate.argument("values")
    if isinstance(values, tuple):
        known = [number(value) for value in values]
    else:
        names = ("initial_learning_rate", "warmup_target")
        known = [number(rate.argument(name)) for name in names if rate.argument(name) is not None]
    return max((value for value in known if value is not None), default=None) if None not in known else None


def rate_at(schedule: Call, step: int) -> float | None:
    """The learning rate at a step (from 0); None where the schedule begins again before it, or is not known."""
    rule = _RULES.get(schedule.name)
    try:
        return rule(schedule, step) if rule is not None else None
    except (OverflowError, ZeroDivisionError, ValueError):
        return None


def falls(schedule: Call) -> bool:
    """Whether the schedule is one that lowers the rate: some are used to raise it."""
    values = schedule.argument("values")
    if isinstance(values, tuple):
        return len(values) > 1 and _of(values[-1]) < _of(values[0])
    if schedule.name == "ExponentialDecay":
        return _get(schedule, "decay_rate") < 1
    if schedule.name == "PolynomialDecay":
        return _get(schedule, "end_learning_rate") < _get(schedule, "initial_learning_rate")
    return True


def _of(value: Value) -> float:
    found = number(value)
    return math.nan if found is None else found


def _get(schedule: Call, name: str) -> float:
    """An argument that is a number; not a number, which compares with nothing, where it is none."""
    return _of(schedule.argument(name))


def _cosine(schedule: Call, step: int) -> float | None:
    first, alpha = _get(schedule, "initial_learning_rate"), _get(schedule, "alpha")
    target, warming = number(schedule.argument("warmup_target")), _get(schedule, "warmup_steps")
    if target is None:
        return _cosine_part(first, alpha, step / _get(schedule, "decay_steps"))
    if step < warming:
        return first + (target - first) * step / warming
    return _cosine_part(target, alpha, (step - warming) / _get(schedule, "decay_steps"))


def _cosine_part(first: float, alpha: float, part: float) -> float:
    return first * ((1 - alpha) * 0.5 * (1 + math.cos(math.pi * min(part, 1.0))) + alpha)


def _restarts(schedule: Call, step: int) -> float | None:
    part = step / _get(schedule, "first_decay_steps")
    first, alpha = _get(schedule, "initial_learning_rate"), _get(schedule, "alpha")
    return _cosine_part(first, alpha, part) if part < 1 else None


def _parts(schedule: Call, step: int) -> float:
    part = step / _get(schedule, "decay_steps")
    return math.floor(part) if schedule.argument("staircase") is True else part


def _exponential(schedule: Call, step: int) -> float | None:
    base = _get(schedule, "decay_rate")
    return _get(schedule, "initial_learning_rate") * math.pow(base, _parts(schedule, step))


def _inverse(schedule: Call, step: int) -> float | None:
    return _get(schedule, "initial_learning_rate") / (1 + _get(schedule, "decay_rate") * _parts(schedule, step))


def _polynomial(schedule: Call, step: int) -> float | None:
    part = step / _get(schedule, "decay_steps")
    if part > 1 and schedule.argument("cycle") is True:
        return None
    first, last = _get(schedule, "initial_learning_rate"), _get(schedule, "end_learning_rate")
    return (first - last) * math.pow(1 - min(part, 1.0), _get(schedule, "power")) + last


def _piecewise(schedule: Call, step: int) -> float | None:
    boundaries, values = schedule.argument("boundaries"), schedule.argument("values")
    if not isinstance(boundaries, tuple) or not isinstance(values, tuple) or len(values) != len(boundaries) + 1:
        return None
    return _of(values[sum(step > _of(boundary) for boundary in boundaries)])


_RULES: dict[str, Callable[[Call, int], float | None]] = {
    "CosineDecay": _cosine,
    "CosineDecayRestarts": _restarts,
    "ExponentialDecay": _exponential,
    "InverseTimeDecay": _inverse,
    "PiecewiseConstantDecay": _piecewise,
    "PolynomialDecay": _polynomial,
}
