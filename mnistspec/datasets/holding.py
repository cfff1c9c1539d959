"""One array prepared in every split: all beforehand, or as far as cannot wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from mnistspec.datasets.facts import ArrayFacts
from mnistspec.datasets.loaded import Array, Arrays, Held
from mnistspec.datasets.preparation import A, Fitted, apply_all, fit_all, fit_later, fit_on_disk
from mnistspec.datasets.scaling_arrays import scales
from mnistspec.datasets.stored import Stored
from mnistspec.datasets.waiting import divides_safely, waiting_from
from mnistspec.spec import Step

HeldBySplit: TypeAlias = "Mapping[str, Array | Stored]"
# From the steps, the array (examples, ...) of each split, its facts and its name to the fitted steps and what is held.
Prepare: TypeAlias = Callable[[tuple[Step, ...], Held, ArrayFacts, str], tuple[Fitted, HeldBySplit]]


def prepared_beforehand(
    steps: tuple[Step, ...], splits: Held, facts: ArrayFacts, name: str
) -> tuple[Fitted, HeldBySplit]:
    """The steps fitted on the training split, and every split after them; what is on disk waits. Raises: BadData."""
    train = splits["train"]
    if isinstance(train, Stored):
        fitted = fit_on_disk(steps, train, facts, f"`{name}`")
        return fitted, _applied(fitted, splits, name)
    fitted, ready = fit_all(steps, train, facts, f"`{name}`")
    return fitted, {"train": ready, **_applied(fitted, _others(splits), name)}


def prepared_later(steps: tuple[Step, ...], splits: Held, facts: ArrayFacts, name: str) -> tuple[Fitted, HeldBySplit]:
    """As `prepared_beforehand`, but for the steps that can wait. Raises: BadData, also for what would fail then."""
    first = waiting_from(steps, facts)
    arrays = {split: held for split, held in splits.items() if not isinstance(held, Stored)}
    if first is None or len(arrays) < len(splits):
        return prepared_beforehand(steps, splits, facts, name)
    done, begun = _in_memory(steps[:first], arrays, facts, name)
    waiting = fit_later(steps[first:], begun["train"], f"`{name}`")
    if not all(divides_safely(divisor) for step in waiting for divisor in scales(step)):
        return (*done, *waiting), _applied(waiting, begun, name)
    _applied(waiting, {split: array[:1] for split, array in begun.items()}, name)
    return (*done, *waiting), {split: Stored(array, waiting) for split, array in begun.items()}


def _in_memory(
    steps: tuple[Step, ...], splits: Arrays, facts: ArrayFacts, name: str
) -> tuple[Fitted, dict[str, Array]]:
    fitted, ready = fit_all(steps, splits["train"], facts, f"`{name}`")
    return fitted, {"train": ready, **_applied(fitted, _others(splits), name)}


def _others(splits: Mapping[str, A]) -> dict[str, A]:
    return {split: held for split, held in splits.items() if split != "train"}


def _applied(steps: Fitted, splits: Mapping[str, A], name: str) -> dict[str, A]:
    return {split: apply_all(steps, array, _where(name, split)) for split, array in splits.items()}


def _where(name: str, split: str) -> str:
    return f"`{name}`" if split == "train" else f"`{name}` of the {split} split"
