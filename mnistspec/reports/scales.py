"""From values to places on an axis: round bounds, round ticks, and a logarithm where a range asks for one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mnistspec.frozen import dataclass

LOG_FROM = 60.0  # a largest value this many times the smallest is read better on a logarithmic axis

# Below, numbers have too few digits to be told apart on a scale.
_SMALLEST = 1e-300


@dataclass(frozen=True)
class Scale:
    """An axis from `low` to `high` with ticks and what stands beside them."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    logarithmic: bool = False

    def place(self, value: float) -> float:
        """Where a value lies: 0 at `low`, 1 at `high`."""
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def fitting(values: Sequence[float], ticks: int = 5) -> Scale:
    """The scale that suits finite values: logarithmic where they are all positive and far apart."""
    low, high = min(values), max(values)
    if low > 0 and high / low > LOG_FROM:
        return logarithmic(low, high)
    return linear(low, high, ticks)


def linear(low: float, high: float, ticks: int = 5) -> Scale:
    """Bounds at round steps around `low` and `high`."""
    if high - low <= max(1e-9 * max(abs(low), abs(high)), _SMALLEST):
        reach = abs(low) * 0.1 or 1.0
        low, high = low - reach, high + reach
    step = _round_step((high - low) / ticks)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    marks = tuple(i * step for i in range(first, last + 1))
    return Scale(marks[0], marks[-1], marks, tuple(_label(mark, step) for mark in marks))


def shares() -> Scale:
    """From 0 % to 100 %."""
    marks = (0.0, 0.25, 0.5, 0.75, 1.0)
    return Scale(0.0, 1.0, marks, tuple(f"{mark:.0%}" for mark in marks))


def in_percent(scale: Scale) -> Scale:
    """The same scale with its labels as percentages."""
    step = (scale.ticks[1] - scale.ticks[0]) * 100
    return Scale(scale.low, scale.high, scale.ticks, tuple(_label(mark * 100, step) + "%" for mark in scale.ticks))


def whole(low: float, high: float, ticks: int = 6) -> Scale:
    """Exactly from `low` to `high`, with ticks at whole numbers; where both are one, half a unit to each side."""
    if low == high:
        return Scale(low - 0.5, high + 0.5, (low,), (f"{low:,.0f}",))
    step = max(1.0, _round_step((high - low) / ticks, (1.0, 2.0, 5.0, 10.0)))
    marks = tuple(i * step for i in range(math.ceil(low / step), math.floor(high / step) + 1))
    # The first epoch is worth a mark, unless the next is too close to it.
    marks = marks if not marks or marks[0] - low < step * 0.5 else (low, *marks)
    return Scale(low, high, marks, tuple(f"{mark:,.0f}" for mark in marks))


def logarithmic(low: float, high: float) -> Scale:
    """Bounds at 1, 2 or 5 times a power of ten around two positive values."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = [factor * 10.0**exponent for exponent in exponents for factor in (1, 2, 5)]
    bottom = max(step for step in steps if step <= low * (1 + 1e-9))
    top = min(step for step in (*steps, 10.0 ** (exponents[-1] + 1)) if step >= high * (1 - 1e-9))
    inside = [step for step in steps if bottom <= step <= top]
    tens = [step for step in inside if math.isclose(math.log10(step) % 1, 0, abs_tol=1e-9)]
    marks = inside if len(inside) <= 9 else tens if len(tens) <= 7 else tens[:: math.ceil(len(tens) / 7)]
    return Scale(bottom, top, tuple(marks), tuple(f"{mark:g}" for mark in marks), logarithmic=True)


def _round_step(rough: float, factors: tuple[float, ...] = (1.0, 2.0, 2.5, 5.0, 10.0)) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in factors if factor * power >= rough * (1 - 1e-9))


def _label(value: float, step: float) -> str:
    if max(abs(value), step) >= 1e6 or step < 1e-5:
        return f"{value:.3g}" if value else "0"
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    # A step of 0.25 or 2.5 needs one digit more than its size says.
    exact = math.isclose(round(step, decimals), step, rel_tol=1e-6)
    text = f"{value:,.{decimals if exact else decimals + 1}f}"
    return text.replace("-", "−") if float(value) and text.strip("-0.,") else text.lstrip("-")
