"""One array prepared in every split: all beforehand, or as far as cannot wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from mnistspec.datasets.facts import ArrayFacts
from mnistspec.datasets.loaded import Array, Arrays
from mnistspec.datasets.preparation import Fitted, apply_all, fit_all, fit_later
from mnistspec.datasets.scaling_arrays import scales
from mnistspec.datasets.stored import Stored
from mnistspec.datasets.waiting import divides_safely, waiting_from
from mnistspec.spec import Step

HeldBySplit: TypeAlias = "Mapping[str, Array | Stored]"
# From the steps, the array (examples, ...) of each split, its facts and its name to the fitted steps and what is held.
Prepare: TypeAlias = Callable[[tuple[Step, ...], Arrays, ArrayFacts, str], tuple[Fitted, HeldBySplit]]


def prepared_beforehand(
    steps: tuple[Step, ...], splits: Arrays, facts: ArrayFacts, name: str
) -> tuple[Fitted, Mapping[str, Array]]:
    """The steps fitted on the training split, and every split after them. Raises: BadData."""
    fitted, train = fit_all(steps, splits["train"], facts, f"`{name}`")
    rest = {split: array for split, array in splits.items() if split != "train"}
    return fitted, {"train": train, **_applied(fitted, rest, name)}


def prepared_later(steps: tuple[Step, ...], splits: Arrays, facts: ArrayFacts, name: str) -> tuple[Fitted, HeldBySplit]:
    """As `prepared_beforehand`, but for the steps that can wait. Raises: BadData, also for what would fail then."""
    first = waiting_from(steps, facts)
    if first is None:
        return prepared_beforehand(steps, splits, facts, name)
    done, begun = prepared_beforehand(steps[:first], splits, facts, name)
    waiting = fit_later(steps[first:], begun["train"], f"`{name}`")
    if not all(divides_safely(divisor) for step in waiting for divisor in scales(step)):
        return (*done, *waiting), _applied(waiting, begun, name)
    _applied(waiting, {split: array[:1] for split, array in begun.items()}, name)
    return (*done, *waiting), {split: Stored(array, waiting) for split, array in begun.items()}


def _applied(steps: Fitted, splits: Arrays, name: str) -> dict[str, Array]:
    return {split: apply_all(steps, array, _where(name, split)) for split, array in splits.items()}


def _where(name: str, split: str) -> str:
    return f"`{name}`" if split == "train" else f"`{name}` of the {split} split"
