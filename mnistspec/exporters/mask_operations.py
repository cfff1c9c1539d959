"""Names that Keras would give to the operations on masks, where the layers of a spec bear them already."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from mnistspec.calls import Call, calls_in
from mnistspec.graph import stem_of
from mnistspec.plan import LayerStep, Plan

# The operations by which Keras makes and joins masks. Each becomes part of the model, named after the operation with
# the next number that Keras has not used, and a model's names must differ.
OPERATIONS = frozenset([
    "all", "any", "broadcast_to", "cast", "concatenate", "expand_dims", "logical_and", "logical_or", "not_equal",
    "reshape", "squeeze", "where", "zeros_like", "ones_like",
])  # fmt: skip
# Those of layers that make masks; the others join the masks of several tensors, and these stand in for missing ones.
_MAKING = frozenset(["any", "not_equal"])
_FILLING = frozenset(["ones_like", "zeros_like"])
_NUMBERED = re.compile(r"(.+?)(?:_([0-9]{1,4}))?")


def taken_names(plan: Plan) -> Iterator[tuple[str, int]]:
    """Names of operations, each with how many times Keras has to pass it over; none in a model without masks."""
    if not has_masks(plan):
        return
    most: dict[str, int] = {}
    for name in (*(given.name for given in plan.inputs), *(step.name for step in plan.everywhere())):
        found = _NUMBERED.fullmatch(name)
        if found is not None and found[1] in OPERATIONS:
            most[found[1]] = max(most.get(found[1], 0), int(found[2] or 0) + 1)
    yield from sorted(most.items())


def has_masks(plan: Plan) -> bool:
    """Whether masks pass through the model, or through one inside it."""
    return any(_makes_masks(given) for step in plan.everywhere() for given in calls_in(step.call))


def uncertain_stems(plan: Plan, given: Container[str]) -> set[str]:
    """What Keras may name operations on masks after before it names a layer or a function after the same.

    `given` are the names that the spec gives, which Keras would not pass over.
    """
    if not has_masks(plan):
        return set()
    fixed = [*(one.name for one in plan.inputs), *(step.name for step in plan.steps if step.name in given)]
    found = set(map(operation_of, fixed))
    every = {name for step in plan.steps for name in _made_by(step)}
    made: set[str] = set()
    for step in plan.steps:
        # A function counts twice where it is given a name: Keras has named it before.
        found |= {stem_of(step.call)} & (every if step.call.facts.tensors else made)
        made |= _made_by(step)
    return found & OPERATIONS


def _made_by(step: LayerStep) -> frozenset[str]:
    """The operations on masks that may come with a layer."""
    if step.model is not None or step.call.name == "Concatenate":
        return OPERATIONS
    if len(step.sources()) > 1:
        return OPERATIONS - _FILLING
    return _MAKING if any(map(_makes_masks, calls_in(step.call))) else frozenset()


def operation_of(name: str) -> str:
    """A name without the number that Keras counts."""
    found = _NUMBERED.fullmatch(name)
    return found[1] if found is not None else name


def _makes_masks(given: Call) -> bool:
    return given.name == "Masking" or (given.name == "Embedding" and given.argument("mask_zero") is True)
