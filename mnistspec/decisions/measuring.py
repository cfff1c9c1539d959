"""How many examples are evaluated at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mnistspec.decisions.decision import GIVEN, Count
from mnistspec.decisions.means import no_mean
from mnistspec.memory import activation_bytes
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph

# Examples measured at a time at most, and the bytes that their activations may take: PyTorch takes twice as long for
# convolutions of 1,000 pictures than for ten times 100.
_MOST_MEASURED = 1024
_BYTES_MEASURED = {"tensorflow": 2**26, "jax": 2**26, "torch": 2**24}


def measured_at_a_time(
    typed: TypedGraph, spec: Spec, given: int | None, usual: int, steps: int | None, counts: Sequence[int | None]
) -> Count:
    """How many examples are evaluated at a time, `usual` where more of them could change more than the rounding.

    `counts` are the examples of each split that is measured, None where they are not known.
    """
    if given is not None:
        return Count(given, GIVEN)
    against = _against_many(typed, spec, steps)
    if against is not None:
        return Count(usual, against)
    of_one = activation_bytes(typed)
    if not of_one:
        return Count(usual, "how much memory more would take is not known")
    fitting = 2 ** int(math.log2(max(1, _BYTES_MEASURED[spec.backend] // of_one)))
    chosen = _without_rest(max(usual, min(_MOST_MEASURED, fitting)), counts)
    return Count(chosen, "as many as are quickly measured, with the same result but for rounding")


def _without_rest(most: int, counts: Sequence[int | None]) -> int:
    """The largest batch that leaves no smaller last one, for which a graph of its own would have to be made.

    `most` where that would be less than half of it.
    """
    examples = math.gcd(*(count for count in counts if count is not None))
    return next((size for size in range(most, most // 2, -1) if examples % size == 0), most) if examples else most


def _against_many(typed: TypedGraph, spec: Spec, steps: int | None) -> str | None:
    """Why the measures would not be the same with other batches, or may not; None where they would."""
    assert spec.compile is not None
    if spec.deterministic:
        return "sums are rounded otherwise in other batches, and the spec is `deterministic`"
    if steps is not None:
        return "the spec says how many batches of that size"
    if any(given.batch_size is not None for given in typed.graph.inputs):
        return "the model's batch size is fixed"
    for node in typed.used:
        if node.call is None or node.call_arguments or (node.call.knows("stateful") and node.call.argument("stateful")):
            return f"what `{node.name}` gives may depend on the batch"
    doubtful = no_mean(spec.compile)
    return None if doubtful is None else f"`{doubtful}` may depend on the batch"
