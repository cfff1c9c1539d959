"""Keras' own answer to what a shape rule answers: a layer is made, called on symbolic tensors and counted."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from functools import reduce
from math import prod
from typing import Any

from mnistspec.calls import Call
from mnistspec.shapes import infer_layer
from mnistspec.shapes.base import Inferred, Inputs, ShapeError, Tensor

# Layers that Keras builds with axes that they cannot be run with.
_FAILING_LATER = frozenset({"LayerNormalization", "RMSNormalization", "Softmax", "UnitNormalization"})
# What open sizes are taken as to find that out.
_FILLED = 2


class Refused(Exception):
    """Keras does not take the arguments or the inputs; the text is what it says."""


def keras_answer(call: Call, inputs: Inputs, policy: str = "float32", *, filled: int | None = None) -> Inferred:
    """What Keras makes of the call under a dtype policy; on zeros where open sizes are `filled`.

    Raises: Refused for whatever exception it meets it with.
    """
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        return _answered(call, inputs, filled)
    finally:
        keras.config.set_dtype_policy(before)


def _answered(call: Call, inputs: Inputs, filled: int | None) -> Inferred:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            layer = made(call)
            outputs = _called(layer, inputs, filled)
        except Exception as error:
            raise Refused(f"{type(error).__name__}: {error}") from error
    return Inferred(outputs, _count(layer.trainable_weights), _count(layer.non_trainable_weights))


def made(value: Any) -> Any:
    """A value as Keras' constructors take it."""
    import keras

    if isinstance(value, Call):
        kind = reduce(getattr, value.facts.path.split(".")[1:], keras)
        arguments = {name: made(argument) for name, argument in value.arguments.items()}
        return kind(**arguments)
    return tuple(made(item) for item in value) if isinstance(value, tuple) else value


def _called(layer: Any, inputs: Inputs, filled: int | None) -> tuple[Tensor, ...]:
    import keras

    tensors = [_symbolic(tensor, filled) for tensor in inputs.tensors]
    ordered = [tensors[0] if inputs.single else tensors] if tensors else []
    named = {name: _symbolic(given, filled) for name, given in inputs.named.items()}
    result = layer(*ordered, **named, **inputs.arguments)
    return tuple(Tensor(tuple(output.shape), output.dtype) for output in keras.tree.flatten(result))


def _symbolic(given: Tensor | tuple[Tensor, ...], filled: int | None) -> Any:
    import keras

    if isinstance(given, tuple):
        return [_symbolic(tensor, filled) for tensor in given]
    if filled is not None and given.shape is not None:
        return keras.ops.zeros([filled if size is None else size for size in given.shape], given.dtype)
    return keras.KerasTensor(given.shape, dtype=given.dtype)


def _count(weights: Iterable[Any]) -> int:
    return sum(prod(weight.shape) for weight in weights)


def assert_agrees(call: Call, inputs: Inputs, policy: str = "float32", unknown_allowed: bool = False) -> None:
    """The rule and Keras find the same outputs and counts, or both refuse; where allowed, the rule may not know."""
    found = _found(call, inputs, policy)
    if unknown_allowed and isinstance(found, Inferred) and any(tensor.shape is None for tensor in found.outputs):
        return
    expected = _expected(call, inputs, policy)
    if isinstance(found, ShapeError) and isinstance(expected, Inferred) and call.name in _FAILING_LATER:
        expected = _expected(call, inputs, policy, filled=_FILLED)
    said = f"{call.name}({dict(call.arguments)}) on {inputs}:\n  Keras: {expected!r}\n  rule: {found!r}"
    assert isinstance(found, ShapeError) == isinstance(expected, Refused), said
    if isinstance(found, Inferred) and isinstance(expected, Inferred):
        assert found.outputs == expected.outputs, said
        assert (found.trainable, found.non_trainable) == (expected.trainable, expected.non_trainable), said


def _found(call: Call, inputs: Inputs, policy: str) -> Inferred | ShapeError:
    try:
        return infer_layer(call, inputs, policy)
    except ShapeError as error:
        return error


def _expected(call: Call, inputs: Inputs, policy: str, *, filled: int | None = None) -> Inferred | Refused:
    try:
        return keras_answer(call, inputs, policy, filled=filled)
    except Refused as refusal:
        return refusal
