"""What will be known of the data once it is prepared, worked out before anything is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mnistspec.datasets.counts import taken
from mnistspec.datasets.facts import ArrayFacts, DataFacts, Waiting, show_names
from mnistspec.datasets.step_facts import StepProblem, facts_after, show_sizes
from mnistspec.datasets.waiting import waiting_from
from mnistspec.diagnostics import BadData
from mnistspec.spec import DataSpec, Step, Steps


def steps_by_name(steps: Steps, names: Mapping[str, object], which: str) -> dict[str, tuple[Step, ...]]:
    """The steps of each array of x or y (`which`). Raises: StepProblem for steps of an array that is not there."""
    if not isinstance(steps, Mapping):
        return dict.fromkeys(names, steps)
    for name, own in steps.items():
        if name not in names:
            message = f"`prepare.{which}` has steps for `{name}`, but the source's {which}: {show_names(names)}"
            raise StepProblem(message, own[0] if own else None)
    return {name: steps.get(name, ()) for name in names}


def steps_of_y(data: DataSpec, y_is_x: bool) -> Steps:
    """The steps for y; where y is x, those of x unless y has its own."""
    return data.prepare_x if y_is_x and not data.prepare_y else data.prepare_y


def prepare_facts(data: DataSpec, raw: DataFacts) -> DataFacts:
    """The source's facts after preparation, with the number of examples in each split.

    Raises: StepProblem for a step that cannot apply, and for sequences left at different lengths.
    """
    x = _prepare(data.prepare_x, raw.x, "x")
    y = _prepare(steps_of_y(data, raw.y_is_x), raw.y, "y")
    for name, array in (*x.items(), *y.items()):
        if array.ragged:
            raise StepProblem(
                f"the examples of `{name}` differ in length, and a model takes only arrays",
                help="prepare: {x: [{pad_sequences: {maxlen: 200}}]}",
                span=data.source.span or data.span,
            )
    return replace(_counted(data, raw), x=x, y=y, waiting=_waiting(data.prepare_x, raw.x))


def _prepare(steps: Steps, arrays: Mapping[str, ArrayFacts], which: str) -> dict[str, ArrayFacts]:
    own = steps_by_name(steps, arrays, which)
    return {name: facts_after(own[name], array) for name, array in arrays.items()}


def _waiting(steps: Steps, arrays: Mapping[str, ArrayFacts]) -> dict[str, Waiting]:
    own = steps_by_name(steps, arrays, "x")
    starts = {name: waiting_from(own[name], array) for name, array in arrays.items()}
    return {
        name: Waiting(facts_after(own[name][:first], arrays[name]), own[name][first:])
        for name, first in starts.items()
        if first is not None
    }


def _counted(data: DataSpec, raw: DataFacts) -> DataFacts:
    train, test = raw.train, raw.test
    if train is not None and raw.held_out:
        test = taken(train, raw.held_out)
        train -= test
    train = _limited(train, data.limit.get("train"))
    validation: int | None = 0
    if isinstance(data.validation, float):
        validation = None if train is None else taken(train, data.validation)
        train = None if train is None or validation is None else train - validation
    elif data.validation is not None:
        validation = None
    return replace(
        raw,
        train=train,
        validation=_limited(validation, data.limit.get("validation")),
        test=_limited(test, data.limit.get("test")),
        held_out=0.0,
    )


def _limited(count: int | None, limit: int | None) -> int | None:
    return count if count is None or limit is None else min(count, limit)


def with_validation(data: DataSpec, facts: DataFacts, other: DataFacts) -> DataFacts:
    """The facts with the size of a validation source. Raises: BadData where its arrays are not like the training's."""
    for which, mine, theirs in (("x", facts.x, other.x), ("y", facts.y, other.y)):
        if mine.keys() != theirs.keys():
            raise BadData(
                f"The validation source must have the arrays of the training source ({which}: {show_names(mine)}),"
                f" but has {show_names(theirs)}."
            )
        for name in mine:
            _alike(name, mine[name], theirs[name])
    return replace(facts, validation=_limited(other.train, data.limit.get("validation")))


def _alike(name: str, mine: ArrayFacts, theirs: ArrayFacts) -> None:
    if mine.shape is None or theirs.shape is None or None in mine.shape or None in theirs.shape:
        return
    if mine.shape != theirs.shape:
        raise BadData(
            f"One example of `{name}` is {show_sizes(theirs.shape)} in the validation source,"
            f" but {show_sizes(mine.shape)} in the training source."
        )
