"""Recurrent layers: a cell, dense or convolutional, run over the steps of a sequence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod

from mnistspec.calls import Call
from mnistspec.shapes.arguments import flag, whole
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape, ShapeError, Size, Tensor, show
from mnistspec.shapes.cells import Cell, cell_inside, keeps_nested_states, simple_cell
from mnistspec.shapes.convolution import check_strides, convolution_window
from mnistspec.shapes.dtypes import compute_dtype
from mnistspec.shapes.results import only
from mnistspec.shapes.sizes import check_minimum_rank, check_rank, elements, required, scaled
from mnistspec.shapes.states import check_initial_states
from mnistspec.shapes.volume import volume


def recurrent(call: Call, inputs: Inputs) -> Inferred:
    """LSTM, GRU and SimpleRNN: `(batch, steps, features)` to `(batch, units)`, or every step with return_sequences."""
    cell = simple_cell(call)
    shape = only(call, inputs).shape
    if shape is not None:
        check_rank(call, shape, ("batch", "steps", "features"))
    check_initial_states(call, inputs, [(None, size) for size in cell.states])
    return _run(call, cell, shape)


def rnn(call: Call, inputs: Inputs) -> Inferred:
    """RNN: the same with any cell or stack of cells; its states follow the output with return_state."""
    cell = cell_inside(call, "cell")
    shape = only(call, inputs).shape
    if shape is not None and (len(shape) != 2 or shape[0] is None):
        check_minimum_rank(call, shape, 3)
    if not keeps_nested_states(call, cell, "cell"):
        check_initial_states(call, inputs, [(None, size) for size in cell.states])
    # A batch of definite size without features is something to Keras: it takes the batch for the features.
    return _run(call, cell, shape if shape is None or len(shape) > 2 else None)


def _run(call: Call, cell: Cell, shape: Shape | None) -> Inferred:
    count = 1 + (len(cell.states) if flag(call, "return_state") else 0)
    if shape is None:
        return _outputs(call, [None] * count, (None, None), None)
    features = required(call, shape[-1], shape, "the last size")
    _check_stateful(call, shape)
    states: list[Shape | None] = [(shape[0], size) for size in cell.states]
    output = _with_steps(call, shape, (cell.output,))
    return _outputs(call, [output, *states][:count], cell.weights(features), scaled(shape[1], cell.work(features)))


def _with_steps(call: Call, shape: Shape, step: Shape) -> Shape:
    return (shape[0], shape[1], *step) if flag(call, "return_sequences") else (shape[0], *step)


def _check_stateful(call: Call, shape: Shape) -> None:
    if flag(call, "stateful") and shape[0] is None:
        message = f"a stateful {call.name} keeps a state for each example, and the batch size of {show(shape)} is open"
        raise ShapeError(message, "stateful", "give the model's input a `batch_size`")


def _outputs(
    call: Call, shapes: Sequence[Shape | None], counts: tuple[int | None, int | None], work: int | None
) -> Inferred:
    return Inferred(tuple(Tensor(shape, compute_dtype(call)) for shape in shapes), *counts, work)


def convolutional(rank: int) -> Rule:
    """`(batch, steps, *space, channels)` to `(batch, *places of the kernel, filters)`, or every step of it."""
    return partial(_convolutional, rank)


def _convolutional(rank: int, call: Call, inputs: Inputs) -> Inferred:
    window, filters = convolution_window(call, rank), whole(call, "filters")
    check_strides(window)
    shape = only(call, inputs).shape
    count = 3 if flag(call, "return_state") else 1
    if shape is None:
        return _outputs(call, [None] * count, (None, None), None)
    given = volume(call, shape, rank, ("batch", "steps"))
    space = _definite(call, given.space, shape)
    channels = required(call, given.channels, shape, "the number of channels")
    _check_stateful(call, shape)
    state = given.with_space(window.over(space)).with_channels(filters).shape
    check_initial_states(call, inputs, [state, state])
    output = _with_steps(call, shape, state[1:])
    gates, kernel, bias = 4 * filters, prod(window.size), int(flag(call, "use_bias"))
    weights = gates * (kernel * (channels + filters) + bias)
    # Beside the products and biases, gating costs what it costs in an LSTM.
    each = 4 * (2 * kernel * (channels + filters) + bias) + 13
    return _outputs(call, [output, state, state][:count], (weights, 0), _per_step(shape, state, each))


def _per_step(shape: Shape, state: Shape, each: int) -> int | None:
    return None if shape[1] is None else scaled(elements(state), shape[1] * each)


def _definite(call: Call, space: tuple[Size, ...], shape: Shape) -> tuple[Size, ...]:
    if None in space:
        message = f"{call.name} needs definite sizes in space, and is given {show(shape)}"
        raise ShapeError(message, help="leave only the batch and the steps open")
    return space
