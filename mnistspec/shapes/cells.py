"""Recurrent cells: what one step takes, keeps and gives, for the layers that run them and for calling them directly."""

from __future__ import annotations

from collections.abc import Callable

from mnistspec.calls import Call, Value
from mnistspec.frozen import dataclass
from mnistspec.shapes.arguments import flag, items, whole, written
from mnistspec.shapes.base import UNKNOWN, Inferred, Inputs, Shape, ShapeError, Size, Tensor, show
from mnistspec.shapes.dtypes import compute_dtype
from mnistspec.shapes.initial_axes import check_axes
from mnistspec.shapes.results import inside, only
from mnistspec.shapes.sizes import required


@dataclass(frozen=True)
class Cell:
    """One cell or a stack. `states` are the sizes of its state tensors, `output` that of what it gives.

    `weights` and `work` turn the size of a step's input into the parameters (trainable, frozen) and the operations of
    one step.
    """

    states: tuple[int, ...]
    output: int
    weights: Callable[[int], tuple[int, int]]
    work: Callable[[int], int]


@dataclass(frozen=True)
class _Kind:
    """A class of cell: how many gates and states it has, and its operations a unit beside the products and biases."""

    gates: int
    states: int
    other_work: int


# A plain cell adds its two products and activates. The gated ones mix their state as well: an LSTM activates four gates
# and its carry and does three products and a sum; a GRU activates three gates, resets, and blends old and new.
_KINDS = {"SimpleRNN": _Kind(1, 1, 2), "LSTM": _Kind(4, 2, 13), "GRU": _Kind(3, 1, 11)}


_KINDS_OF_CELLS = {f"{name}Cell": kind for name, kind in _KINDS.items()}


def simple_cell(call: Call) -> Cell:
    """The cell of an LSTM, GRU or SimpleRNN, or a cell itself: both take the same arguments."""
    check_axes(call, UNKNOWN)
    kind = _KINDS[call.name.removesuffix("Cell")]
    units = whole(call, "units")
    wide = units * kind.gates
    biases = 0 if not flag(call, "use_bias") else 2 if flag(call, "reset_after") else 1

    def weights(features: int) -> tuple[int, int]:
        count = wide * (features + units + biases)
        return (0, count) if call.argument("trainable") is False else (count, 0)

    def work(features: int) -> int:
        return wide * (2 * (features + units) + biases) + kind.other_work * units

    return Cell((units,) * kind.states, units, weights, work)


def cell_inside(call: Call, argument: str) -> Cell:
    """The cell that an argument describes: a cell, a stack, or a list that makes a stack.

    Raises: ShapeError where it is no cell.
    """
    return _cell(call, argument, call.argument(argument))


def _cell(call: Call, argument: str, value: Value) -> Cell:
    listed = items(value)
    if listed is not None:
        return _stack([_cell(call, argument, item) for item in listed], argument)
    if not isinstance(value, Call) or value.name not in _CELLS:
        help = f"use {', '.join(_CELLS)}"
        raise ShapeError(f"`{argument}` of {call.name} needs a recurrent cell, not {written(value)}", argument, help)
    with inside(call, argument, value):
        return _CELLS[value.name](value)


_CELLS: dict[str, Callable[[Call], Cell]] = {
    "LSTMCell": simple_cell,
    "GRUCell": simple_cell,
    "SimpleRNNCell": simple_cell,
    "StackedRNNCells": lambda call: cell_inside(call, "cells"),
}


def _stack(cells: list[Cell], argument: str) -> Cell:
    """Cells one after the other: each takes what the one before it gives."""
    if not cells:
        raise ShapeError("a stack needs at least one cell", argument)

    def inputs(features: int) -> list[int]:
        return [features, *(cell.output for cell in cells[:-1])]

    def weights(features: int) -> tuple[int, int]:
        counts = [cell.weights(size) for cell, size in zip(cells, inputs(features), strict=True)]
        return sum(count[0] for count in counts), sum(count[1] for count in counts)

    def work(features: int) -> int:
        return sum(cell.work(size) for cell, size in zip(cells, inputs(features), strict=True))

    return Cell(tuple(size for cell in cells for size in cell.states), cells[-1].output, weights, work)


def called_cell(call: Call, inputs: Inputs) -> Inferred:
    """A cell called on one step `(batch, features)` and its states, to the output and the new states."""
    cell = _CELLS[call.name](call)
    tensor = only(call, inputs)
    states = _given_states(call, inputs)
    _check_lists(call, len(states))
    dtype = compute_dtype(call)
    nothing = Inferred(tuple(Tensor(None, dtype) for _ in (cell.output, *cell.states)), None, None)
    shapes = [state.shape for state in states if state.shape is not None]
    if (
        tensor.shape is None
        or len(tensor.shape) != 2
        or len(shapes) != len(cell.states)
        or keeps_nested_states(call, cell)
    ):
        return nothing
    features = required(call, tensor.shape[1], tensor.shape, "the last size")
    if not _states_fit(call, cell, shapes):
        return nothing
    batch = _batch(call, [tensor.shape, *shapes])
    outputs = tuple(Tensor((batch, size), dtype) for size in (cell.output, *cell.states))
    return Inferred(outputs, *cell.weights(features), cell.work(features))


def keeps_nested_states(call: Call, cell: Cell, argument: str = "cells") -> bool:
    """Whether a cell of a stack keeps several states, which Keras wants in a list of their own."""
    value = call.argument(argument)
    stacked = items(value.argument("cells") if isinstance(value, Call) and "cells" in value.facts.arguments else value)
    return stacked is not None and len(stacked) != len(cell.states)


def _given_states(call: Call, inputs: Inputs) -> tuple[Tensor, ...]:
    states = inputs.named.get("states")
    help = "write `from: {inputs: NODE, states: [...]}`, or wrap the cell in RNN"
    if states is None:
        raise ShapeError(f"{call.name} needs its states, and is given only its input", help=help)
    given = states if isinstance(states, tuple) else (states,)
    if call.name in _KINDS_OF_CELLS and len(given) < _KINDS_OF_CELLS[call.name].states:
        raise ShapeError(f"{call.name} keeps two states, and is given one", help=help)
    return given


def _check_lists(call: Call, given: int) -> None:
    """Raises: ShapeError where a stack hands one tensor to a cell that keeps two, which Keras wants in a list."""
    cells = items(call.argument("cells")) if call.name == "StackedRNNCells" else None
    for cell in (cells or ())[:given]:
        kind = _KINDS_OF_CELLS.get(cell.name) if isinstance(cell, Call) else None
        if kind is not None and kind.states > 1:
            message = (
                f"in {call.name}, {written(cell)} takes its two states in a list of their own, which `from` cannot give"
            )
            raise ShapeError(message, help="wrap the cells in RNN, which keeps their states")


def _states_fit(call: Call, cell: Cell, shapes: list[Shape]) -> bool:
    """Whether the states are what the cell keeps; an LSTM's carry of size 1 is stretched, to what only Keras knows.

    Raises: ShapeError for states that cannot be used.
    """
    for place, (size, shape) in enumerate(zip(cell.states, shapes, strict=True)):
        if len(shape) != 2 or (shape[1] not in (size, None) and (place == 0 or 1 not in (size, shape[1]))):
            raise ShapeError(f"{call.name} keeps states of (batch, {size}), and is given {show(shape)}")
    return all(shape[1] == size for size, shape in zip(cell.states, shapes, strict=True))


def _batch(call: Call, shapes: list[Shape]) -> Size:
    """The batch of the input and the states, one of 1 stretched to the others'. Raises: ShapeError for two others."""
    batches = {shape[0] for shape in shapes}
    several = sorted(size for size in batches if size not in (None, 1))
    if len(several) > 1:
        message = f"{call.name} needs an input and states of one batch size, and is given {several[0]} and {several[1]}"
        raise ShapeError(message)
    return several[0] if several else None if None in batches else 1
