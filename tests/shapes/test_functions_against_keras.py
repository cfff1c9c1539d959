"""The rules of `keras.ops` against Keras itself: the same shapes and dtypes, or a refusal by both, or unknown."""

from __future__ import annotations

import warnings
from functools import reduce
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from mnistspec.catalogue import load
from mnistspec.catalogue.indices import parsed_index
from mnistspec.shapes.base import Inferred, Inputs, ShapeError, Tensor
from mnistspec.shapes.ops import FUNCTIONS, infer_function
from mnistspec.spec import Call

from .functions import cases

pytestmark = pytest.mark.keras


# Functions whose symbolic tensors pass where the function is certain to fail: the rule may say so beforehand.
_FAILING_LATER = frozenset({"ops.einsum"})


def _keras_answer(call: Call, inputs: Inputs, *, filled: bool = False) -> tuple[Tensor, ...] | Exception:
    """What Keras gives for symbolic tensors; or, `filled`, for zeros, open sizes taken as 1."""
    import keras
    import numpy as np

    def symbolic(given: Any) -> Any:
        if isinstance(given, tuple):
            return [symbolic(tensor) for tensor in given]
        if filled:
            return keras.ops.zeros([size or 1 for size in given.shape], dtype=given.dtype)
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
                expected = _keras_answer(call, inputs, filled=True)
            assert isinstance(expected, Exception), f"{said}  rule refuses: {error.message}"
            return
        if any(tensor.shape is None for tensor in found.outputs):
            return
        assert found.outputs == expected, f"{said}  rule: {found.outputs!r}"
        accepted.append(found)

    agrees()
    assert accepted, "no case drawn has a result that both know: the drawing does not test the rule"
