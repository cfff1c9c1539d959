"""Loading: the source read, its splits drawn, the steps fitted on the training split and applied to all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from mnistspec.datasets.csv_arrays import only_seen
from mnistspec.datasets.digest import data_digest
from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.datasets.fitted import FittedStep
from mnistspec.datasets.holding import Prepare, prepared_beforehand, prepared_later
from mnistspec.datasets.layouts import Layout, TableLayout
from mnistspec.datasets.loaded import Array, Arrays, Held, LoadedData, RawData, RawSplit, Request, Say, Split
from mnistspec.datasets.measured import measure
from mnistspec.datasets.preparation import Preparation
from mnistspec.datasets.prepared import prepare_facts, steps_by_name, steps_of_y, with_validation
from mnistspec.datasets.splits import Drawn, draw_splits, limit_notes
from mnistspec.datasets.step_facts import StepProblem
from mnistspec.datasets.stored import Stored, extremes, whole
from mnistspec.diagnostics import BadData
from mnistspec.frozen import dataclass
from mnistspec.spec import DataSpec, SourceSpec, Steps

ReadSource = Callable[[SourceSpec, Request], RawData]


@dataclass(frozen=True, eq=False)
class _Prepared:
    """The arrays of x, or of y, in every split, and the fitted steps that made them."""

    steps: Mapping[str, tuple[FittedStep, ...]]
    splits: Mapping[str, Held]


def load_data(
    data: DataSpec,
    read: ReadSource,
    *,
    seed: int,
    folder: Path,
    say: Say,
    warn: Say,
    stored: bool = False,
    streamed: bool = False,
) -> LoadedData:
    """Data ready for training; `read` reads a source, `folder` is where relative paths start.

    `stored` leaves inputs that can wait as they are, to be prepared as they are taken; `streamed` leaves them on the
    disk too, whatever their steps, where the source can.

    Raises: DataUnavailable, MissingExtra, and BadData for data that cannot be prepared as the spec says.
    """
    request = Request(folder, data.offline, say, warn, streamed=streamed)
    source = read(data.source, request)
    other = None
    if isinstance(data.validation, SourceSpec):
        other = read(data.validation, replace(request, like=source.layout))
        with_validation(data, _measured(source.train), _measured(other.train))
    layout, splits = _with_seen_categories(source.layout, draw_splits(data, source, other, seed))
    raw = _raw_facts(source, splits)
    expected = _expected_facts(data, raw)
    x, y = _prepare(data, raw, splits, prepared_later if stored else prepared_beforehand)
    preparation = Preparation(x.steps, y.steps, raw.x, layout, source.facts.class_names)
    ready = {name: _split(name, drawn, x, y) for name, drawn in splits.items()}
    return LoadedData(
        train=ready["train"],
        validation=ready.get("validation"),
        test=ready.get("test"),
        facts=_exact_facts(expected, ready),
        class_names=source.facts.class_names,
        digest=data_digest({name: drawn.examples for name, drawn in splits.items()}),
        origin=source.origin,
        notes=(*source.notes, *(other.notes if other else ()), *limit_notes(data, splits)),
        preparation=preparation,
    )


def _measured(split: RawSplit) -> DataFacts:
    return DataFacts(
        {name: measure(array) for name, array in split.x.items()},
        {name: measure(array) for name, array in split.y.items()},
    )


def _with_seen_categories(
    layout: Layout | None, splits: Mapping[str, Drawn]
) -> tuple[Layout | None, Mapping[str, Drawn]]:
    if not isinstance(layout, TableLayout) or not layout.categories:
        return layout, splits
    layout, inputs = only_seen(layout, [_arrays(drawn.examples.x) for drawn in splits.values()])
    return layout, {
        name: replace(drawn, examples=replace(drawn.examples, x=x))
        for (name, drawn), x in zip(splits.items(), inputs, strict=True)
    }


def _arrays(x: Held) -> Arrays:
    """Inputs of a source that leaves nothing on the disk."""
    return {name: whole(array) for name, array in x.items()}


def _raw_facts(source: RawData, splits: Mapping[str, Drawn]) -> DataFacts:
    """The exact facts of the unprepared training split; classes are counted in all that the source has to train on."""
    train = splits["train"].examples
    x = {name: replace(measure(array), classes=None, one_hot=False) for name, array in train.x.items()}
    y = {name: measure(array, _classes(source, name, splits)) for name, array in train.y.items()}
    return replace(source.facts, x=x, y=y, train=len(splits["train"].indices), held_out=0.0)


def _classes(source: RawData, name: str, splits: Mapping[str, Drawn]) -> int | None:
    """The number of classes that the source tells, or that its training labels show."""
    told = source.facts.y[name].classes
    if told is None:
        return measure(source.train.y[name]).classes
    for split, drawn in splits.items():
        labels = drawn.examples.y.get(name)
        found = None if labels is None else measure(labels).classes
        if found is not None and found > told:
            raise BadData(f"`{name}` of the {split} split has the label {found - 1}, but there are {told} classes.")
    return told


def _expected_facts(data: DataSpec, raw: DataFacts) -> DataFacts:
    """The facts after preparation, as the rules of the steps have it. Raises: BadData for a step that cannot apply."""
    try:
        return prepare_facts(replace(data, validation=None, limit={}), raw)
    except StepProblem as problem:
        raise BadData(f"{problem.message}; {problem.help}." if problem.help else f"{problem.message}.") from problem


def _prepare(
    data: DataSpec, raw: DataFacts, splits: Mapping[str, Drawn], prepare_x: Prepare
) -> tuple[_Prepared, _Prepared]:
    inputs = {name: drawn.examples.x for name, drawn in splits.items()}
    x = _prepare_group(data.prepare_x, raw.x, inputs, "x", prepare_x)
    steps = steps_of_y(data, raw.y_is_x)
    if raw.y_is_x and steps is data.prepare_x:
        return x, _renamed(x, raw)
    labels = {name: drawn.examples.y for name, drawn in splits.items()}
    return x, _prepare_group(steps, raw.y, labels, "y", prepared_beforehand)


def _renamed(x: _Prepared, raw: DataFacts) -> _Prepared:
    """The prepared inputs as what is learnt: the same arrays, under the names of y."""
    names = dict(zip(raw.x, raw.y, strict=True))
    return _Prepared(
        {names[name]: steps for name, steps in x.steps.items()},
        {split: {names[name]: array for name, array in arrays.items()} for split, arrays in x.splits.items()},
    )


def _prepare_group(
    steps: Steps, facts: Mapping[str, ArrayFacts], splits: Mapping[str, Held], which: str, prepare: Prepare
) -> _Prepared:
    fitted: dict[str, tuple[FittedStep, ...]] = {}
    ready: dict[str, dict[str, Array | Stored]] = {split: {} for split in splits}
    for name, own in steps_by_name(steps, facts, which).items():
        fitted[name], held = prepare(own, {split: splits[split][name] for split in splits}, facts[name], name)
        for split, array in held.items():
            ready[split][name] = array
    return _Prepared(fitted, ready)


def _split(name: str, drawn: Drawn, x: _Prepared, y: _Prepared) -> Split:
    return Split(x.splits[name], y.splits[name], drawn.examples.x, drawn.indices)


def _exact_facts(expected: DataFacts, ready: Mapping[str, Split]) -> DataFacts:
    """The facts of the prepared training arrays: measured, with the classes that the rules know of."""
    train = ready["train"]
    x = {name: _exact(array, expected.x[name], labels=False) for name, array in train.x.items()}
    y = {name: _exact(array, expected.y[name], labels=True) for name, array in train.y.items()}
    validation, test = (ready[name].size if name in ready else 0 for name in ("validation", "test"))
    return replace(expected, x=x, y=y, train=train.size, validation=validation, test=test)


def _exact(array: Array | Stored, expected: ArrayFacts, labels: bool) -> ArrayFacts:
    if isinstance(array, Stored) and not array.streams:
        low, high = extremes(array)
        return replace(expected, minimum=low, maximum=high)
    found = measure(array, expected.classes)
    if expected.one_hot or not labels:
        return replace(found, classes=expected.classes, one_hot=expected.one_hot)
    return replace(found, classes=expected.classes or found.classes)
