"""Which functions of `keras.ops` have a rule."""

from __future__ import annotations

import pytest

from mnistspec.calls import Call
from mnistspec.catalogue import load
from mnistspec.shapes.base import Inputs, ShapeError, Tensor
from mnistspec.shapes.ops import FUNCTIONS, infer_function
from mnistspec.source import Source, Span


def test_every_function_that_a_spec_may_call_has_a_rule() -> None:
    admitted = {name for name, facts in load()["ops"].classes.items() if not facts.refused}
    assert FUNCTIONS.keys() == admitted


def _reshaped(*newshape: int) -> object:
    call = Call(load()["ops"].classes["ops.reshape"], {"newshape": newshape}, Span(Source(""), 0, 0))
    return infer_function(call, Inputs((), {"x": Tensor((None, 8, 8))})).outputs[0].shape


@pytest.mark.parametrize("newshape", [(-1,), (-1, 64), (-1, 63), (-1, 2, 64), (4, -1, 64), (3, -1), (1, 64)])
def test_a_reshape_that_fits_some_batch_is_taken(newshape: tuple[int, ...]) -> None:
    assert _reshaped(*newshape) == tuple(None if size == -1 else size for size in newshape)


@pytest.mark.parametrize("newshape", [(63,), (65,), (-1, 0), (0, 64), ()])
def test_a_reshape_that_fits_no_batch_is_refused(newshape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match="64"):
        _reshaped(*newshape)
