"""Layers that are refused text, asked in Keras: each fails on it as soon as it is called."""

from __future__ import annotations

import warnings

import pytest

from mnistspec.shapes import RULES, infer_layer
from mnistspec.shapes.base import Inputs, ShapeError, Tensor
from mnistspec.shapes.text import NUMBERS_ONLY

from .calls import call, on
from .cases import CASES
from .cases.case import Case
from .oracle import made

pytestmark = pytest.mark.keras
_FIRST = {case.call.name: case for case in reversed(CASES) if not case.refused and case.inputs.tensors}


@pytest.mark.parametrize("case", [_FIRST[name] for name in sorted(NUMBERS_ONLY & RULES.keys())], ids=str)
def test_a_layer_that_is_refused_text_cannot_compute_with_it(case: Case) -> None:
    import tensorflow as tf

    shapes = [tensor.shape or () for tensor in case.inputs.tensors]
    text = tuple(Tensor(shape, "string") for shape in shapes)
    with pytest.raises(ShapeError, match="computes with numbers"):
        infer_layer(case.call, Inputs(text, single=case.inputs.single))
    tensors = [tf.fill([2 if size is None else size for size in shape], "a") for shape in shapes]
    named = dict.fromkeys(case.inputs.named, tensors[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises((TypeError, ValueError, tf.errors.OpError)):
            made(case.call)(tensors[0] if case.inputs.single else tensors, **named)


@pytest.mark.parametrize("name", ["Identity", "Flatten", "Dropout"])
def test_layers_that_move_text_take_it(name: str) -> None:
    arguments = {"rate": 0.5} if name == "Dropout" else {}
    assert infer_layer(call(name, **arguments), on((None, 3), "string")).outputs[0].shape == (None, 3)
