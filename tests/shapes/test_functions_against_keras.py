"""The rules of `keras.ops` against Keras itself: the same shapes and dtypes, or a refusal by both, or unknown."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from mnistspec.calls import Call
from mnistspec.catalogue import load
from mnistspec.catalogue.indices import parsed_index
from mnistspec.shapes import infer_layer
from mnistspec.shapes.base import Inferred, Inputs, ShapeError, Tensor
from mnistspec.shapes.ops import FUNCTIONS, infer_function
from mnistspec.shapes.text import NUMBERS_ONLY

from .functions import cases

pytestmark = pytest.mark.keras


# Functions whose symbolic tensors pass where the function is certain to fail: the rule may say so beforehand. The
# number is what open sizes are then taken as; a batch of one example is the one that most shapes have room for.
_FAILING_LATER = {
    **dict.fromkeys(("ops.einsum", "ops.negative", "ops.norm", "ops.subtract", "ops.take", "ops.top_k"), 1),
    "ops.reshape": 5,
    **dict.fromkeys(("ops.layer_normalization", "ops.rms_normalization"), 2),
}


def _keras_answer(call: Call, inputs: Inputs, *, filled: int | None = None) -> tuple[Tensor, ...] | Exception:
    """What Keras gives for symbolic tensors; or for zeros (empty text), open sizes taken as `filled`."""
    import keras
    import numpy as np
    import tensorflow as tf

    def symbolic(given: Any) -> Any:
        if isinstance(given, tuple):
            return [symbolic(tensor) for tensor in given]
        if filled is not None:
            return tf.zeros([filled if size is None else size for size in given.shape], given.dtype)
        return keras.KerasTensor(given.shape, dtype=given.dtype)

    def constant(name: str, value: Any) -> Any:
        if name == "key" and call.name == "ops.get_item":
            return tuple(map(parsed_index, value)) if isinstance(value, tuple) else parsed_index(value)
        if isinstance(value, dict):
            return np.asarray(*value.values()).astype(*value)
        if call.facts.arguments[name].tensor is None or not isinstance(value, tuple):
            return value
        array = np.asarray(value)
        return array.astype("float32" if array.dtype.kind == "f" else "int32")

    values = {name: symbolic(given) for name, given in inputs.named.items()}
    values |= {name: constant(name, value) for name, value in call.arguments.items()}
    leading = [values.pop("subscripts")] if "subscripts" in values else []
    in_place = [name for name, argument in call.facts.arguments.items() if argument.tensor == "rest"]
    leading += [tensor for name in in_place for tensor in values.pop(name)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = reduce(getattr, call.facts.path.split(".")[1:], keras)(*leading, **values)
        except Exception as error:
            return error
    return tuple(Tensor(tuple(output.shape), output.dtype) for output in keras.tree.flatten(result))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_rule_agrees_with_keras(name: str) -> None:
    accepted: list[Inferred] = []

    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(cases(load()["ops"].classes[name]))
    def agrees(case: tuple[Call, Inputs]) -> None:
        call, inputs = case
        expected = _keras_answer(call, inputs)
        said = f"{name}({dict(call.arguments)}) on {dict(inputs.named)}:\n  Keras: {expected!r}\n"
        try:
            found: Inferred = infer_function(call, inputs)
        except ShapeError as error:
            if name in _FAILING_LATER and not isinstance(expected, Exception):
                expected = _keras_answer(call, inputs, filled=_FAILING_LATER[name])
            assert isinstance(expected, Exception), f"{said}  rule refuses: {error.message}"
            return
        if any(tensor.shape is None for tensor in found.outputs):
            return
        assert found.outputs == expected, f"{said}  rule: {found.outputs!r}"
        accepted.append(found)

    agrees()
    assert accepted, "no case drawn has a result that both know: the drawing does not test the rule"


@pytest.mark.parametrize("name", sorted(name for name in NUMBERS_ONLY if name in FUNCTIONS))
def test_a_function_that_is_refused_text_cannot_compute_with_it(name: str) -> None:
    @settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(cases(load()["ops"].classes[name]))
    def fails(case: tuple[Call, Inputs]) -> None:
        call, inputs = case
        text = replace(inputs, named={name: _as_text(given) for name, given in inputs.named.items()})
        with pytest.raises(ShapeError, match="computes with numbers"):
            infer_layer(call, text)
        assert isinstance(_keras_answer(call, text, filled=2), Exception)

    fails()


def _as_text(given: Tensor | tuple[Tensor, ...]) -> Any:
    return tuple(map(_as_text, given)) if isinstance(given, tuple) else replace(given, dtype="string")
