"""Names that Keras would give to the operations on masks, where the layers of a spec bear them already."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mnistspec.plan import Plan

# The operations by which Keras makes and joins masks. Each becomes part of the model, named after the operation with
# the next number that Keras has not used, and a model's names must differ.
_OPERATIONS = frozenset([
    "all", "any", "broadcast_to", "cast", "concatenate", "expand_dims", "logical_and", "logical_or", "not_equal",
    "reshape", "squeeze", "where", "zeros_like", "ones_like",
])  # fmt: skip
_NUMBERED = re.compile(r"(.+?)(?:_([0-9]{1,4}))?")


def taken_names(plan: Plan) -> Iterator[tuple[str, int]]:
    """Names of operations, each with how many times Keras has to pass it over; none in a model without masks."""
    if not any(_makes_masks(step.call.name, step.call.argument("mask_zero")) for step in plan.everywhere()):
        return
    most: dict[str, int] = {}
    for name in (*(given.name for given in plan.inputs), *(step.name for step in plan.everywhere())):
        found = _NUMBERED.fullmatch(name)
        if found is not None and found[1] in _OPERATIONS:
            most[found[1]] = max(most.get(found[1], 0), int(found[2] or 0) + 1)
    yield from sorted(most.items())


def _makes_masks(layer: str, mask_zero: object) -> bool:
    return layer == "Masking" or (layer == "Embedding" and mask_zero is True)
