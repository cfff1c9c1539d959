"""The states that a recurrent layer begins with: what fails once it is run is refused before."""

from __future__ import annotations

import pytest

from mnistspec.calls import Call
from mnistspec.shapes import infer_layer
from mnistspec.shapes.base import ShapeError

from .calls import by_name, call

_BOTH = call("Bidirectional", layer=call("LSTM", units=4))
_LINE = call("ConvLSTM1D", filters=4, kernel_size=3)
_STACK = call("RNN", cell=(call("GRUCell", units=4), call("SimpleRNNCell", units=3)))
_NESTED = call("RNN", cell=(call("LSTMCell", units=4), call("GRUCell", units=3)))
_FITTING: list[tuple[Call, tuple[tuple[int, ...], ...]]] = [
    (call("LSTM", units=4), ((2, 4), (2, 4))),
    (call("SimpleRNN", units=4), ((2, 4),)),
    (call("GRU", units=4), ((2, 4),)),
    (call("GRU", units=4), ((2, 4), (2, 7))),
    (call("RNN", cell=call("LSTMCell", units=4)), ((2, 4), (2, 4))),
    (_STACK, ((2, 4), (2, 3))),
    (_BOTH, ((2, 4),) * 4),
    (_LINE, ((2, 3, 4), (2, 3, 4))),
]
_WRONG: list[tuple[Call, tuple[tuple[int, ...], ...]]] = [
    (call("LSTM", units=4), ((2, 4),)),
    (call("LSTM", units=4), ((2, 4), (2, 4), (2, 4))),
    (call("LSTM", units=4), ((2, 5), (2, 5))),
    (call("LSTM", units=4), ((2, 7, 4), (2, 7, 4))),
    (call("LSTM", units=4), ((2,), (2,))),
    (call("SimpleRNN", units=4), ((2, 4), (2, 4))),
    (call("SimpleRNN", units=4), ((2, 1),)),
    (call("GRU", units=4), ((2, 5),)),
    (call("RNN", cell=call("GRUCell", units=4)), ((2, 4), (2, 4))),
    (_BOTH, ((2, 4), (2, 4))),
    (_BOTH, ((2, 4),) * 5),
    (_LINE, ((2, 3, 4),)),
    (_LINE, ((2, 5, 4), (2, 5, 4))),
]


def _steps(layer: Call) -> tuple[int, ...]:
    return (2, 5, 5, 2) if layer is _LINE else (2, 5, 3)


def _infer(layer: Call, states: tuple[tuple[int, ...], ...]) -> None:
    first = layer.facts.first_argument or "sequences"
    infer_layer(layer, by_name(**{first: _steps(layer), "initial_state": states}))


@pytest.mark.parametrize(("layer", "states"), _FITTING, ids=str)
def test_states_that_fit_are_taken(layer: Call, states: tuple[tuple[int, ...], ...]) -> None:
    _infer(layer, states)


@pytest.mark.parametrize(("layer", "states"), _WRONG, ids=str)
def test_states_that_do_not_fit_are_refused(layer: Call, states: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(ShapeError, match="state"):
        _infer(layer, states)


def test_the_way_out_says_how_many_states() -> None:
    with pytest.raises(ShapeError) as refused:
        _infer(call("LSTM", units=4), ((2, 4),))
    assert refused.value.message == "LSTM keeps 2 states of (None, 4), and is given 1"
    assert refused.value.help == "give it as many, or leave `initial_state` out: it begins with zeros then"


def test_a_single_state_cannot_be_shared_out_to_two_directions() -> None:
    with pytest.raises(ShapeError, match="list of states"):
        infer_layer(_BOTH, by_name(sequences=(2, 5, 3), initial_state=(2, 4)))


def test_nothing_is_said_of_states_that_a_stack_wants_nested_and_of_open_sizes() -> None:
    _infer(_NESTED, ((2, 4),))
    infer_layer(call("LSTM", units=4), by_name(sequences=(2, 5, 3), initial_state=((None, None), (None, None))))


@pytest.mark.keras
def test_keras_runs_with_the_first_and_fails_with_the_others() -> None:
    assert [_runs(layer, states) for layer, states in _FITTING] == [True] * len(_FITTING)
    assert [_runs(layer, states) for layer, states in _WRONG] == [False] * len(_WRONG)


def _runs(layer: Call, states: tuple[tuple[int, ...], ...]) -> bool:
    import numpy

    from .oracle import made

    begin = [numpy.ones(shape, "float32") for shape in states]
    try:
        made(layer)(numpy.ones(_steps(layer), "float32"), initial_state=begin)
    except Exception:
        return False
    return True
