"""Constants that a model's calls are given: arrays, tensors and lists, alone and among tensors."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import yaml

import mnistspec

from .law import assert_law

pytestmark = pytest.mark.keras

_ROW, _TABLE = np.array([0.1, 0.2, 0.3, 0.4], "float32"), np.ones((2, 3, 4), "int32")


def _ops() -> Any:
    import keras

    return keras.ops


def _layers() -> Any:
    import keras

    return keras.layers


# What is called on a tensor of (2, 3, 4), and `from` of the last layer; None where it names the input alone.
_CASES: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "an array in a list": (lambda x: _ops().stack([x, _TABLE, x]), ["x", _TABLE.tolist(), "x"]),
    "another dtype": (lambda x: _ops().hstack([x, _TABLE.astype("int8")]), ["x", {"int8": _TABLE.tolist()}]),
    "all by their places": (lambda x: _ops().einsum("bij,j->bi", x, np.ones(4)), ["x", {"float64": [1.0] * 4}]),
    "a layer's list": (
        lambda x: _layers().Add()([x, _ops().ones((2, 3, 4))]),
        ["x", {"tensor": np.ones((2, 3, 4)).tolist()}],
    ),
    "an argument of a layer": (
        lambda x: _layers().MultiHeadAttention(1, 2)(x, x, attention_mask=np.ones((2, 3, 3), bool)),
        {0: "x", 1: "x", "attention_mask": {"bool": np.ones((2, 3, 3), bool).tolist()}},
    ),
    "states": (
        lambda x: _layers().LSTM(1)(x, initial_state=[_ops().zeros((2, 1)), np.ones((2, 1), "float32")]),
        {0: "x", "initial_state": [{"tensor": [[0.0], [0.0]]}, [[1.0], [1.0]]]},
    ),
    "no mask of one of two": (
        lambda x: _layers().Attention()([x, x], mask=[_ops().any(x > 0, axis=-1), None]),
        {0: ["x", "x"], "mask": ["any", None]},
    ),
    "nothing at the end": (lambda x: _layers().GRU(2)(x, None), {0: "x", 1: None}),
    "a tensor beside a tensor": (lambda x: x * _ops().convert_to_tensor(_ROW), None),
    "a number of a dtype": (lambda x: _ops().stack([_ops().sum(x), np.array(1, "int32")]), ["sum", {"int32": 1}]),
    "a list of Python's": (lambda x: _ops().take(x, [0, 2], axis=1), None),
    "an array of places": (lambda x: _ops().take(x, np.array([0, 2]), axis=1), None),
    "a choice's default": (
        lambda x: _ops().select([x > 0], [x], x * 2),
        {"condlist": ["greater"], "choicelist": ["x"], "default": "multiply"},
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_constants_come_back_in_their_form_and_place(name: str) -> None:
    import keras

    keras.utils.clear_session()
    call, from_ = _CASES[name]
    given = keras.Input((3, 4), batch_size=2, name="x")
    model = keras.Model(given, call(given))
    text = assert_law(model)
    built = mnistspec.build(text)
    assert json.loads(built.to_json())["config"] == json.loads(model.to_json())["config"]
    ((body,),) = (entry.values() for entry in yaml.safe_load(text)["model"]["layers"][-1:])
    assert body.get("from") == from_
    keras.utils.clear_session()
    script: dict[str, Any] = {"__name__": "script"}
    exec(mnistspec.to_python(text), script)
    assert json.loads(script["build_model"]().to_json())["config"] == json.loads(model.to_json())["config"]


def test_uses_that_differ_in_a_constant_alone_are_written_out() -> None:
    import keras

    layers, given = keras.layers, keras.Input((4,), batch_size=1)
    tensor = given
    for place, number in enumerate((1.0, 1.0, 1.0, 1.0, 1.0, 2.0)):
        wide = layers.Concatenate(name=f"s{place}_wide")([tensor, np.array([[number]], "float32")])
        tensor = layers.ReLU(name=f"s{place}_bent")(layers.Dense(4, name=f"s{place}_narrow")(wide))
    text = assert_law(keras.Model(given, tensor))
    assert text.count("[[1.0]]") == 1 and text.count("[[2.0]]") == 1
