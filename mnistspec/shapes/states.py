"""The states that a recurrent layer is given to begin with.

Keras looks at them only once the layer is run: a model with the wrong ones can be built, and no batch goes through it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from mnistspec.calls import Call
from mnistspec.shapes.base import Inputs, Shape, ShapeError, Tensor, show

# Tensors by the call argument that they are given as.
Named: TypeAlias = Mapping[str, Tensor | tuple[Tensor, ...]]

# A layer that takes the first of the states it is given, and leaves the others.
_TAKES_THE_FIRST = "GRU"


def initial_states(inputs: Inputs) -> tuple[Tensor, ...] | None:
    """The states the layer is called with; None where it begins with its own."""
    given = inputs.named.get("initial_state")
    return (given,) if isinstance(given, Tensor) else given


def check_initial_states(call: Call, inputs: Inputs, kept: Sequence[Shape]) -> None:
    """Raises: ShapeError for other states than those the layer keeps; a size that is open on either side fits."""
    states = initial_states(inputs)
    if states is None:
        return
    if len(states) < len(kept) or (len(states) > len(kept) and call.name != _TAKES_THE_FIRST):
        count = "one state" if len(kept) == 1 else f"{len(kept)} states"
        message = f"{call.name} keeps {count} of {show(kept[0])}, and is given {len(states)}"
        help = "give it as many, or leave `initial_state` out: it begins with zeros then"
        raise ShapeError(message, "initial_state", help)
    for place, (state, wanted) in enumerate(zip(states, kept, strict=False)):
        if state.shape is not None and not _fits(state.shape, wanted, stretched=place > 0):
            message = f"{call.name} begins with states of {show(wanted)}, and is given {show(state.shape)}"
            raise ShapeError(message, "initial_state", _way_to(wanted, state.shape))


def _way_to(wanted: Shape, shape: Shape) -> str:
    if len(shape) == len(wanted) == 2:
        return f"bring it to that size, with Dense: {{units: {wanted[1]}}}"
    return "leave `initial_state` out: it begins with zeros then"


def _fits(shape: Shape, wanted: Shape, stretched: bool) -> bool:
    """Whether a state is of the shape that is kept; one after the first may have sizes of 1, which are stretched."""
    if len(shape) != len(wanted):
        return False
    pairs = zip(shape[1:], wanted[1:], strict=True)
    return all(one is None or other is None or one == other or (stretched and one == 1) for one, other in pairs)


def halves(call: Call, inputs: Inputs) -> tuple[Named, Named]:
    """What each direction of a Bidirectional is given of the states: the first half, and the rest.

    Raises: ShapeError for a single state, which Keras cannot halve.
    """
    states = inputs.named.get("initial_state")
    if states is None:
        return {}, {}
    if isinstance(states, Tensor):
        help = "write `initial_state: [a, b]`, as many for each direction, or leave it out to begin with zeros"
        raise ShapeError(
            f"{call.name} shares a list of states out to its two layers, and is given one state", "initial_state", help
        )
    half = len(states) // 2
    return {"initial_state": states[:half]}, {"initial_state": states[half:]}
