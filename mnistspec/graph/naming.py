"""Names of nodes in Keras' style, and of arrays by the inputs that they feed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from mnistspec import catalogue
from mnistspec.calls import Call
from mnistspec.catalogue import ClassFacts
from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.source import Span


@cache
def snake_case(class_name: str) -> str:
    """Keras' style of name for a layer without one: `MaxPooling2D` is `max_pooling2d`."""
    parted = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", class_name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", parted).lower()


def stem_of(call: Call) -> str:
    """What Keras names a layer or an operation after; of a function or an application, its name without the prefix."""
    if call.code is not None:
        return snake_case(call.code.name).strip("_") or "layer"
    return _stem(call.facts)


def _stem(facts: ClassFacts) -> str:
    if facts.is_application:
        return facts.name.rpartition(".")[2].lower()
    return facts.name.rpartition(".")[2] if facts.tensors else snake_case(facts.name)


def may_be_given(name: str, classes: Iterable[str]) -> bool:
    """Whether a name, perhaps with an output behind it, may be one that Keras gives (`dense_1`, `lstm.1`), also to a
    layer of one of the classes that there are not.
    """
    stem = re.sub(r"(_\d+)?(\.\d+)?$", "", name.rpartition("/")[2])
    return stem in _stems() or any(stem in (each, snake_case(each)) for each in classes)


@cache
def _stems() -> frozenset[str]:
    known = catalogue.load()
    return frozenset(
        _stem(facts) for space in ("layers", "ops", "applications") for facts in known[space].classes.values()
    )


def keras_names(names: Iterable[str]) -> dict[str, str]:
    """A name without `/` for each name: itself, or `block__node` for `block/node`, numbered where that is taken."""
    written = list(names)
    chosen = {name: name for name in written if "/" not in name}
    taken = set(chosen)
    for name in written:
        if "/" in name:
            chosen[name] = _untaken(name.replace("/", "__"), taken)
            taken.add(chosen[name])
    return chosen


def by_output(value: Any, names: Mapping[str, str]) -> Any:
    """A setting whose values may go by output, under the outputs' names in Keras."""
    return {names.get(name, name): inner for name, inner in value.items()} if isinstance(value, Mapping) else value


def _untaken(stem: str, taken: set[str]) -> str:
    name, count = stem, 0
    while name in taken:
        count += 1
        name = f"{stem}_{count}"
    return name


def array_for(name: str, facts: DataFacts, count: int) -> ArrayFacts | None:
    """The array of the data that feeds an input: the one of its name, or the only one for the only input."""
    if count == 1 and len(facts.x) == 1:
        return next(iter(facts.x.values()))
    return facts.x.get(name)


def other_each_turn(name: str, span: Span) -> str:
    """How a node in a repeat, whose name stands there, gets another in every turn."""
    counted = re.search(r"\$\{[^}]*\bi\b", span.text) is not None
    if counted and sum(step.what.endswith("in this repeat") for step in span.trail) > 1:
        return "`i` is the inner repeat's: put that repeat into a block, and give it the outer `i` by `with`"
    return f"let it hold `${{i}}`, as in `{name}_${{i}}`, or leave it out"
