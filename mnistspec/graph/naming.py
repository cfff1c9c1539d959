"""Names of nodes in Keras' style, and of arrays by the inputs that they feed."""

from __future__ import annotations

import re
from functools import cache

from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.spec import Call


@cache
def snake_case(class_name: str) -> str:
    """Keras' style of name for a layer without one: `MaxPooling2D` is `max_pooling2d`."""
    parted = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", class_name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", parted).lower()


def stem_of(call: Call) -> str:
    """What Keras names a layer or an operation after; of a function, its name without `ops.`."""
    return call.name.rpartition(".")[2] if call.facts.tensors else snake_case(call.name)


def array_for(name: str, facts: DataFacts, count: int) -> ArrayFacts | None:
    """The array of the data that feeds an input: the one of its name, or the only one for the only input."""
    if count == 1 and len(facts.x) == 1:
        return next(iter(facts.x.values()))
    return facts.x.get(name)
