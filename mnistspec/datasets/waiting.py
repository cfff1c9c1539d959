"""Which arrays can wait: held as they are stored, and prepared to the same bits once a batch of them is taken."""

from __future__ import annotations

from mnistspec.datasets.facts import ArrayFacts
from mnistspec.datasets.step_facts import facts_after
from mnistspec.spec import Step

# What takes less memory than the float32 that it is prepared to, which holds each of its values exactly.
SMALL = frozenset({"bool", "uint8", "int8", "uint16", "int16"})
SHAPING = frozenset({"expand_dims", "reshape"})
SCALING = frozenset({"rescale", "standardize", "normalize"})
# What takes no double precision, which JAX has not.
SINGLE = SHAPING | {"rescale", "cast"}
_MOST_SCALINGS = 2
# Divisors in between give no numbers so small that a graph takes them for 0, and no -0.0, which XLA makes 0.0.
_SMALLEST, _LARGEST = 1e-6, 1e6


def waiting_from(steps: tuple[Step, ...], array: ArrayFacts) -> int | None:
    """Where among the steps those begin that can wait, to the last; None where waiting saves no memory.

    Raises: StepProblem for a step that cannot apply.
    """
    first = len(steps)
    while first and _can_wait(steps[first - 1]):
        first -= 1
    # The shape alone costs nothing to change, and whoever looks at the array sees it as it will be.
    while first < len(steps) and steps[first].name in SHAPING:
        first += 1
    scalings = sum(step.name in SCALING for step in steps[first:])
    if first == len(steps) or scalings > _MOST_SCALINGS:
        return None
    before = facts_after(steps[:first], array)
    return first if before.dtype in SMALL and not before.ragged else None


def divides_safely(divisor: float) -> bool:
    """Whether dividing by it gives the same bits in a graph."""
    return _SMALLEST <= divisor <= _LARGEST


def _can_wait(step: Step) -> bool:
    if step.name == "rescale":
        divisor = step.options.get("divisor")
        return isinstance(divisor, int | float) and divides_safely(divisor)
    return step.name in SCALING | SHAPING or (step.name == "cast" and step.options.get("dtype") == "float32")
