"""Calls as Keras notes them, in the language's form."""

from __future__ import annotations

import inspect
from functools import reduce
from typing import Any

import pytest

from mnistspec.catalogue import load
from mnistspec.importers.calls import NOTES_NO_TRAINING, LayerCall, Output, layer_calls

from .configs import tensor


def _call(class_name: str, *args: Any, **kwargs: Any) -> LayerCall:
    (call,) = layer_calls(load()["layers"].classes[class_name], [{"args": list(args), "kwargs": kwargs}], {})
    return call


def test_arguments_without_a_name_go_by_their_places() -> None:
    call = _call("MultiHeadAttention", tensor("q"), tensor("v", 2), use_causal_mask=True)
    assert call == LayerCall({0: Output("q", 0), 1: Output("v", 2)}, {"use_causal_mask": True})
    assert _call("LSTM", tensor("x"), None, tensor("m")) == LayerCall({0: Output("x", 0), 2: Output("m", 0)}, {})


def test_named_arguments_stand_in_the_order_in_which_keras_looks_through_them() -> None:
    call = _call("MultiHeadAttention", tensor("q"), value=tensor("v"), key=tensor("k"))
    assert list(call.tensors) == [0, "key", "value"]


def test_lists_of_tensors_and_what_somebody_left_at_nothing() -> None:
    call = _call("LSTM", tensor("x"), initial_state=[tensor("h"), tensor("c")], mask=None)
    assert call == LayerCall({0: Output("x", 0), "initial_state": (Output("h", 0), Output("c", 0))}, {"mask": None})
    assert _call("Attention", [tensor("a"), tensor("b")], return_attention_scores=False) == (
        LayerCall({0: (Output("a", 0), Output("b", 0))}, {"return_attention_scores": False})
    )


def test_what_keras_notes_of_a_call_on_one_tensor_is_not_said() -> None:
    assert _call("LSTM", tensor("x"), training=False, mask=None).constants == {}
    assert _call("LSTM", tensor("x"), training=False).constants == {"training": False}
    assert _call("LSTM", sequences=tensor("x")) == LayerCall({"sequences": Output("x", 0)}, {})


@pytest.mark.parametrize(
    ("class_name", "training", "said"),
    [
        ("Dropout", False, {}),
        ("Dropout", True, {"training": True}),
        ("RandomFlip", True, {}),
        ("RandomFlip", False, {"training": False}),
        ("BatchNormalization", False, {"training": False}),
        ("BatchNormalization", True, {"training": True}),
    ],
)
def test_what_keras_notes_of_training_by_itself_is_not_said(class_name: str, training: bool, said: Any) -> None:
    assert _call(class_name, tensor("x"), training=training).constants == said


@pytest.mark.keras
def test_the_layers_that_note_training_by_themselves_are_those_whose_call_has_a_default() -> None:
    import keras

    known = {
        name: facts for name, facts in load()["layers"].classes.items() if not facts.refused and name == facts.name
    }
    classes = {name: reduce(getattr, facts.path.split(".")[1:], keras) for name, facts in known.items()}
    defaults = {name: _training_default(made) for name, made in classes.items()}
    assert {name for name, default in defaults.items() if default is False} == NOTES_NO_TRAINING
    images = {name for name, facts in known.items() if name == "Pipeline" or "bounding_box_format" in facts.arguments}
    assert {name for name, default in defaults.items() if default is True} == images


def _training_default(layer: Any) -> Any:
    parameter = inspect.signature(layer.call).parameters.get("training")
    return parameter.default if parameter is not None else None
