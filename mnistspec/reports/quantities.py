"""Numbers as a reader wants them: grouped thousands, few digits, and the unit beside."""

from __future__ import annotations

import math
import re

SHARES = re.compile(r"accuracy|precision|recall", re.IGNORECASE)  # metrics that read better as percentages
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|\+00:00)")


def whole(number: float | None) -> str:
    """`12,345`; an unknown count is `unknown`."""
    return "unknown" if number is None else f"{number:,.0f}" if math.isfinite(number) else significant(number)


def counted(number: int | None, one: str, many: str | None = None) -> str:
    """`1 epoch`, `12 epochs`."""
    return f"{whole(number)} {one if number == 1 else many or one + 's'}"


def percent(share: float, digits: int = 2) -> str:
    """`98.12%` of the share 0.9812."""
    return f"{share * 100:.{digits}f}%" if math.isfinite(share) else "–"


def significant(number: float, digits: int = 4) -> str:
    """A number to so many digits: `0.06450`, `123.4`, `1.234e+09`; `NaN` and infinity by their names."""
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "infinity" if number > 0 else "−infinity"
    if number == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(number)))
    if not -4 <= magnitude <= 6:
        return f"{number:.{digits - 1}e}".replace("-", "−")
    return f"{number:,.{max(0, digits - 1 - magnitude)}f}".replace("-", "−")


def is_share(name: str, value: float) -> bool:
    """Whether a metric of this name and value reads as a percentage."""
    return SHARES.search(name) is not None and 0 <= value <= 1


def measured(name: str, value: float) -> str:
    """A metric's value: accuracies and their kind in percent, all others as numbers."""
    return percent(value) if is_share(name, value) else significant(value)


def seconds(duration: float) -> str:
    """`0.42 s`, `41.2 s`, `3 min 05 s`, `2 h 07 min`."""
    if not math.isfinite(duration):
        return "unknown"
    if duration < 60:
        return f"{duration:.{2 if duration < 9.995 else 1}f} s"
    minutes = round(duration / 60) if duration >= 3600 else int(duration) // 60
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min {int(duration) % 60:02d} s"


def size(amount: int | None) -> str:
    """Bytes in decimal units: `912 bytes`, `2.64 MB`."""
    if amount is None:
        return "unknown"
    value, unit = float(amount), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return (
        f"{value:,.0f} {unit}"
        if unit == "bytes"
        else f"{value:,.3g} {unit}"
        if value < 1000
        else f"{value:,.0f} {unit}"
    )


def operations(flops: float | None) -> str:
    """Floating point operations: `1.34 MFLOP`."""
    if flops is None:
        return "unknown"
    value, unit = flops, "FLOP"
    for larger in ("kFLOP", "MFLOP", "GFLOP", "TFLOP"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.3g} {unit}"


def moment(stamp: str | None) -> str:
    """An ISO time in UTC with a space in it: `2026-01-02 03:04:05 UTC`."""
    return "unknown" if stamp is None else _TIME.sub(r"\1 \2 UTC", stamp)
