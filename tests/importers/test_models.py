"""What the language cannot say is refused with the layer's name and the reason, without Keras."""

from __future__ import annotations

from typing import Any

import pytest

from mnistspec.diagnostics import UsageError
from mnistspec.importers.document import spec_text

from .configs import called, functional, given, layer, made, operation, sequential, tensor

_X, _ENDS = given("x", None, 4), {"inputs": ["x", 0, 0], "outputs": ["d", 0, 0]}
_D = layer("Dense", "d", units=2)
_CALLED = called(_D, tensor("x"))


def _with(**config: Any) -> dict[str, Any]:
    return sequential(_X, layer("Dense", "d", **{"units": 2, **config}))


def _on(*args: Any) -> dict[str, Any]:
    return functional(_X, called(layer("Add", "d"), *args), **_ENDS)


def _ending(inputs: Any, outputs: Any) -> dict[str, Any]:
    return functional(_X, _CALLED, inputs=inputs, outputs=outputs)


def _again(name: str, call: int) -> dict[str, Any]:
    """The output of a certain call of a layer."""
    entry = tensor(name)
    return {**entry, "config": {**entry["config"], "keras_history": [name, call, 0]}}


_LAMBDA = {"class_name": "__lambda__", "config": {"value": "x"}}
_RELU = operation("Relu", "relu", tensor("x"))
_REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("net", sequential(), "it has no layers"),
    ("net", functional(_X, inputs=["x", 0, 0], outputs=["x", 0, 0]), "it has no layers"),
    ("net", made("mine.Net", name="net"), "it is a `Net`, made by Python code"),
    ("swish", sequential(_X, layer("Dense", "d"), made("mine.Swish", name="swish")), "it is a `Swish` of `mine`"),
    ("d", sequential(_X, {**_D, "registered_name": "mine>Dense"}), "a spec names what Keras itself offers"),
    ("code", sequential(_X, layer("Lambda", "code")), "it is a `Lambda`: it calls a Python function"),
    ("inner", sequential(_X, made("keras.Sequential", name="inner", layers=[])), "it has no layers"),
    ("w", sequential(_X, layer("Bidirectional", "w", layer=made("keras.Sequential", name="s"))), "has a model inside"),
    ("d", _with(activation={"class_name": "function", "config": "mine"}), "it holds the Python function `mine`"),
    ("d", _with(activation=_LAMBDA), "it holds a lambda"),
    ("d", _with(kernel_initializer=made("mine.Ones")), "it is a `Ones` of `mine`"),
    ("d", _with(dtype=made("keras.DTypePolicyMap")), "its dtype policy is a `DTypePolicyMap`, which has no name"),
    ("d", _with(quantization_config=made("keras.quantizers.X")), "it has been quantized"),
    ("d", _with(novelty=1), "`Dense` has no argument `novelty`, which its config sets to 1"),
    ("net", sequential(_X, _D, trainable=False), "it is frozen as a whole while its layer `d` is not"),
    ("w", sequential(_X, layer("TimeDistributed", "w", trainable=False, layer=_D)), "while `d` inside it trains"),
    ("x", sequential(made("keras.layers.InputLayer", name="x", dtype="float32"), _D), "it has no shape"),
    ("x", sequential(made("keras.layers.InputLayer", name="x", batch_input_shape=[None, 4]), _D), "written by Keras 2"),
    ("d", functional(_X, {**_CALLED, "inbound_nodes": []}, **_ENDS), "nothing says what it is called on"),
    ("d", _on(_again("d", 0)), "it is called on what comes of itself"),
    ("d", _on(_again("x", 1)), "it is called on what the call 1 of `x` gives, and there is none"),
    ("d", functional(_X, {**_CALLED, "inbound_nodes": [[["x", 0, 0, {}]]]}, **_ENDS), "was written by Keras 2"),
    ("d", _on([tensor("x"), 1]), "it is called on a plain value among tensors"),
    ("d", _on([[tensor("x")]]), "it is called on a list in a list"),
    ("d", _on({"a": tensor("x")}), "it is called on a map of tensors"),
    ("d", _on(*[tensor("x")] * 3), "it is called with 3 arguments, and `Add` takes 2"),
    ("relu", functional(_X, _RELU, called(_D, tensor("relu")), **_ENDS), "it is the operation `Relu`, which no"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "config", "reason"), _REFUSED, ids=[case[2][:40] for case in _REFUSED])
def test_what_the_language_cannot_say_is_refused_with_the_place_and_the_reason(
    name: str, config: dict[str, Any], reason: str
) -> None:
    with pytest.raises(UsageError) as caught:
        spec_text(config)
    assert str(caught.value).startswith(f"`{name}` cannot be written as a spec: ")
    assert reason in str(caught.value)


def test_what_the_language_refuses_though_keras_took_it_is_told_with_its_line() -> None:
    with pytest.raises(UsageError) as caught:
        spec_text(sequential(_X, layer("Flatten", "flatten"), layer("Dense", "d", units=0)))
    expected = "`units: 0` of `d` cannot be written as a spec: expected an integer of at least 1, found 0"
    assert str(caught.value) == expected


def test_operations_whose_masks_are_gone_are_gone_too() -> None:
    config = functional(_X, operation("NotEqual", "not_equal", tensor("x"), 0), _CALLED, **_ENDS)
    assert "not_equal" not in spec_text(config)


def test_a_frozen_model_is_one_of_frozen_layers() -> None:
    text = spec_text(sequential(_X, {**_D, "config": {**_D["config"], "trainable": False}}, trainable=False))
    assert "trainable: false" in text


def test_inputs_in_a_map_stand_in_the_order_in_which_keras_takes_them() -> None:
    both = called(layer("Add", "d"), [tensor("b"), tensor("a")])
    ends = {"inputs": {"b": ["b", 0, 0], "a": ["a", 0, 0]}, "outputs": ["d", 0, 0]}
    text = spec_text(functional(given("b", None, 4), given("a", None, 4), both, **ends))
    assert text.index("a: [4]") < text.index("b: [4]")
    assert "from: [b, a]" in text


@pytest.mark.parametrize(
    ("inputs", "outputs", "said"),
    [
        (["x", 0, 0], ["d", 0, 0], ""),
        ([["x", 0, 0]], ["d", 0, 0], "{inputs: [x]}"),
        (["x", 0, 0], {"y": ["d", 0, 0]}, "{outputs: {y: dense}}"),
        (["x", 0, 0], [[["d", 0, 0]]], "{outputs: [[dense]]}"),
        ({"a": ["x", 0, 0]}, [["d", 0, 0]], "{inputs: {a: x}, outputs: [dense]}"),
        (["x", 0, 0], [["d", 0, 0], ["d", 0, 0]], ""),
    ],
)
def test_the_structure_of_inputs_and_outputs_is_said_where_it_does_not_go_without_saying(
    inputs: Any, outputs: Any, said: str
) -> None:
    text = spec_text(_ending(inputs, outputs)).replace("name: d}", "}")
    assert text.partition("structure: ")[2].strip().replace(": d}", ": dense}").replace("[d]", "[dense]") == said
