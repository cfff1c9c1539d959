"""What every shape rule is written in: tensors, what a rule returns, and the one exception it may raise.

Two conventions hold in every rule.

Sizes. None in a shape is a size that Keras leaves open too (`Input(shape=[null])`, the batch). Where less is known than
Keras will know, the whole shape is None: a None among sizes is never a guess, and a layer whose weights need such a
size may refuse it.

Work. `flops` counts the floating point operations of one example's prediction: a multiplication with an addition is
two, every other operation (an addition, a comparison, an activation function) one an element. Moving numbers about
(reshaping, cropping, padding, concatenating, looking up) costs nothing, and neither does what only training does. What
is worked out by an algorithm (a factorization, a Fourier transform, a sort) is counted as `ops/work.py` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TypeAlias

from mnistspec.calls import Call, Value
from mnistspec.frozen import dataclass
from mnistspec.source import Span

# A number of elements along one axis; None where it is open.
Size: TypeAlias = int | None
# Sizes with the batch first.
Shape: TypeAlias = tuple[Size, ...]


@dataclass(frozen=True, slots=True)
class Tensor:
    """What is known of a tensor before it exists. `shape` None: not even the rank is known."""

    shape: Shape | None
    dtype: str | None = "float32"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a layer is called on: the tensor or tensors of its first argument, and the others by call argument.

    `single` says the layer was called on a tensor, not on a list (Keras tells `layer(x)` from `layer([x])`), and
    `arguments` holds the call's other arguments (`call: {return_attention_scores: true}`).
    """

    tensors: tuple[Tensor, ...]
    named: Mapping[str, Tensor | tuple[Tensor, ...]] = field(default_factory=dict)
    single: bool = True
    arguments: Mapping[str, Value] = field(default_factory=dict)

    @property
    def first(self) -> Tensor:
        return self.tensors[0]


@dataclass(frozen=True, slots=True)
class Inferred:
    """What a rule finds out. Counts are numbers (parameters) and floating point operations an example; None: unknown.

    Several outputs stand in the order in which Keras' nested result flattens. `inner` is how many numbers the layers
    inside a model of `keras.applications` give for an example, its outputs among them.
    """

    outputs: tuple[Tensor, ...]
    trainable: int | None = 0
    non_trainable: int | None = 0
    flops: int | None = None
    inner: int | None = None


# What is known of a layer that has no rule.
UNKNOWN = Inferred((Tensor(None),), None, None)


class ShapeError(Exception):
    """Arguments or inputs that do not fit. `argument` is the one at fault; None: what the layer is called on.

    `span` is the place of the mistake where it lies deeper, in an argument of a layer inside that argument.
    Each NODE in `help` stands for a node that the layer is called on.
    """

    def __init__(
        self, message: str, argument: str | None = None, help: str | None = None, span: Span | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.argument = argument
        self.help = help
        self.span = span


# A rule is arithmetic on the call's arguments (`call.argument(name)`, defaults included) and its inputs.
Rule: TypeAlias = Callable[[Call, Inputs], Inferred]


def show(shape: Shape | None) -> str:
    """A shape as messages print it: `(None, 28, 28)`, `unknown`."""
    if shape is None:
        return "unknown"
    inside = ", ".join("None" if size is None else str(size) for size in shape)
    return f"({inside},)" if len(shape) == 1 else f"({inside})"
