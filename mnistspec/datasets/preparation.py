"""The fitted preparation of a run: the same steps for training, for evaluation and for raw input later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeAlias, TypeVar

from mnistspec.datasets.facts import ArrayFacts, show_names
from mnistspec.datasets.fitted import FittedStep, fitted_from_json
from mnistspec.datasets.layouts import Layout, layout_from_json
from mnistspec.datasets.loaded import Array
from mnistspec.datasets.step_arrays import NAMES, apply, fit, learns
from mnistspec.datasets.step_facts import INTEGERS, StepProblem, facts_after, show_sizes
from mnistspec.datasets.stored import Stored, parts
from mnistspec.diagnostics import BadData
from mnistspec.frozen import dataclass
from mnistspec.spec import Step

_VERSION = 1
Fitted: TypeAlias = tuple[FittedStep, ...]
A = TypeVar("A", "Array", "Array | Stored")
# Steps that depend on the values of each example, and not on its form alone.
_MAY_FAIL = frozenset({"cast", "one_hot", "pad_sequences"})


@dataclass(frozen=True)
class Preparation:
    """Fitted steps by array name, and what the raw inputs must look like.

    `raw` are the facts of the unprepared inputs, `layout` says how files become such arrays (None: arrays only),
    `class_names` what the labels mean.
    """

    x: Mapping[str, Fitted]
    y: Mapping[str, Fitted]
    raw: Mapping[str, ArrayFacts]
    layout: Layout | None = None
    class_names: tuple[str, ...] | None = None

    def apply_x(self, arrays: Mapping[str, A]) -> dict[str, A]:
        """Raw inputs (examples, ...) by name, prepared as for training.

        Raises: BadData for other arrays than those trained on, and for values that a step cannot take.
        """
        if arrays.keys() != self.x.keys():
            raise BadData(f"The model takes the arrays {show_names(self.x)}, but was given {show_names(arrays)}.")
        for name, array in arrays.items():
            _require_form(name, array, self.raw[name])
        return {name: apply_all(self.x[name], arrays[name], f"`{name}`") for name in self.x}

    def apply_y(self, arrays: Mapping[str, A]) -> dict[str, A]:
        """Raw labels (examples, ...) by name, prepared as for training. Raises: BadData as `apply_x`."""
        if arrays.keys() != self.y.keys():
            raise BadData(f"The labels are the arrays {show_names(self.y)}, but there are {show_names(arrays)}.")
        return {name: apply_all(self.y[name], arrays[name], f"`{name}`") for name in self.y}

    def to_json(self) -> dict[str, Any]:
        """As plain data; `preparation_from_json` reads exactly the same preparation back."""
        return {
            "version": _VERSION,
            "x": {name: [step.to_json() for step in steps] for name, steps in self.x.items()},
            "y": {name: [step.to_json() for step in steps] for name, steps in self.y.items()},
            "raw": {name: _facts_to_json(facts) for name, facts in self.raw.items()},
            "layout": None if self.layout is None else self.layout.to_json(),
            "class_names": None if self.class_names is None else list(self.class_names),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Preparation:
        """A preparation from its JSON form. Raises: BadData for a document that is none, or of a later version."""
        try:
            return _read(document)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadData(f"This is no preparation that this version of mnistspec can read ({error}).") from error


def fit_all(steps: tuple[Step, ...], array: Array, facts: ArrayFacts, where: str) -> tuple[Fitted, Array]:
    """The steps fitted one after the other on a training array (examples, ...), and the array after them.

    `facts` are those of the array before the steps, `where` is what messages call it.
    Raises: BadData for values that a step cannot take.
    """
    fitted: list[FittedStep] = []
    for index, step in enumerate(steps):
        try:
            fitted.append(fit(step, array, facts_after(steps[:index], facts).classes))
            array = apply(fitted[-1], array)
        except StepProblem as problem:
            raise _bad_values(where, step.name, problem) from problem
    return tuple(fitted), array


def fit_later(steps: tuple[Step, ...], array: Array, where: str) -> Fitted:
    """The steps fitted one after the other on a training array (examples, ...), applied only where one has to learn.

    Raises: BadData for values that a step cannot take.
    """
    fitted: list[FittedStep] = []
    for step in steps:
        given = apply_all(tuple(fitted), array, where) if learns(step.name) else array
        try:
            fitted.append(fit(step, given, None))
        except StepProblem as problem:
            raise _bad_values(where, step.name, problem) from problem
    return tuple(fitted)


def fit_on_disk(steps: tuple[Step, ...], held: Stored, facts: ArrayFacts, where: str) -> Fitted:
    """As `fit_all` with examples of which only a part is in memory at a time, to the same bits. Raises: BadData."""
    fitted: list[FittedStep] = []
    for index, step in enumerate(steps):
        try:
            given = Stored(held.raw, (*held.steps, *fitted))
            fitted.append(fit(step, given, facts_after(steps[:index], facts).classes))
        except StepProblem as problem:
            raise _bad_values(where, step.name, problem) from problem
    return tuple(fitted)


def apply_all(steps: Fitted, array: A, where: str) -> A:
    """The array (examples, ...) after the steps, or still before them where it is `Stored`.

    Raises: BadData for values that a step cannot take.
    """
    if isinstance(array, Stored):
        return _later(steps, array, where)
    return _applied(steps, array, where)


def _later(steps: Fitted, held: Stored, where: str) -> Stored:
    """The examples with the steps to come; looked through now where a step may fail on some of them."""
    for part in parts(held if any(step.name in _MAY_FAIL for step in steps) else held[:1]):
        _applied(steps, part, where)
    return Stored(held.raw, (*held.steps, *steps))


def _applied(steps: Fitted, array: Array, where: str) -> Array:
    for step in steps:
        try:
            array = apply(step, array)
        except StepProblem as problem:
            raise _bad_values(where, step.name, problem) from problem
    return array


def _bad_values(where: str, step: str, problem: StepProblem) -> BadData:
    return BadData(f"Data {where}, step `{step}`: {problem.message}.")


def _require_form(name: str, array: Array | Stored, facts: ArrayFacts) -> None:
    given = tuple(array.shape[1:])
    if not facts.ragged and facts.shape is not None and given != facts.shape:
        raise BadData(f"Examples of `{name}` are {show_sizes(facts.shape)}, but these are {show_sizes(given)}.")
    # Fractions where bytes were trained on are most likely scaled already, and would be scaled a second time.
    if facts.dtype in INTEGERS and array.dtype.kind == "f":
        raise BadData(f"Values of `{name}` are integers ({facts.dtype}), but these are {array.dtype.name}.")


def _facts_to_json(facts: ArrayFacts) -> dict[str, Any]:
    document = asdict(facts)
    document["shape"] = None if facts.shape is None else list(facts.shape)
    return document


def _facts_from_json(document: Mapping[str, Any]) -> ArrayFacts:
    shape = document["shape"]
    return ArrayFacts(**{**document, "shape": None if shape is None else tuple(shape)})


def _read(document: Mapping[str, Any]) -> Preparation:
    if document["version"] != _VERSION:
        raise ValueError(f"it is of version {document['version']}")
    layout, names = document["layout"], document["class_names"]
    return Preparation(
        x={name: _steps(steps) for name, steps in document["x"].items()},
        y={name: _steps(steps) for name, steps in document["y"].items()},
        raw={name: _facts_from_json(facts) for name, facts in document["raw"].items()},
        layout=None if layout is None else layout_from_json(layout),
        class_names=None if names is None else tuple(names),
    )


def _steps(documents: list[Mapping[str, Any]]) -> Fitted:
    steps = tuple(fitted_from_json(document) for document in documents)
    for step in steps:
        if step.name not in NAMES:
            raise ValueError(f"it has an unknown step {step.name!r}")
    return steps
