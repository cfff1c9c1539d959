"""How many examples a fraction takes: one rule for the counts said before loading and for the draws made after."""

from __future__ import annotations


def taken(count: int, fraction: float) -> int:
    """How many of `count` examples a fraction (0 to 1) takes: rounded, at least one, and never all of several."""
    if fraction <= 0 or count < 2:
        return 0
    return min(max(1, round(count * fraction)), count - 1)
