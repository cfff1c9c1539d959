"""The rules of `keras.ops` against Keras itself: the same shapes and dtypes, or a refusal by both, or unknown."""

from __future__ import annotations

import warnings
from functools import reduce
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mnistspec.catalogue import ClassFacts, load
from mnistspec.catalogue.indices import parsed_index
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Tensor
from mnistspec.shapes.ops import FUNCTIONS, infer_function
from mnistspec.source import Source, Span
from mnistspec.spec import Call

from .strategies import Draw, of_kind

pytestmark = pytest.mark.keras
_NOWHERE = Span(Source(""), 0, 0)
_DTYPES = st.sampled_from(("float32",) * 4 + ("float16", "bfloat16", "float64", "int32", "int64", "uint8", "bool"))
_SIZES = st.sampled_from((1, 2, 3, 4, 4, None))
_AXIS = st.integers(-4, 3)
_INDEX = st.sampled_from((0, 1, -1, ":", ":", "1:", ":-1", "::2", "::-1", "...", "newaxis"))
# Settings that have to fit the tensors now and then.
_FITTED: dict[str, st.SearchStrategy[Any]] = {
    "ops.reshape.newshape": st.lists(st.sampled_from((-1, 1, 2, 3, 4, 8, 12)), min_size=1, max_size=3).map(tuple),
    "ops.broadcast_to.shape": st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple),
    "ops.einsum.subscripts": st.sampled_from(("ab,bc->ac", "abc,bc->ab", "ab->ba", "ab,ab->", "a,b->c")),
    "ops.transpose.axes": st.none() | st.permutations(range(3)).map(tuple) | st.lists(_AXIS, max_size=3).map(tuple),
    "ops.slice.shape": st.lists(st.integers(1, 2), min_size=1, max_size=3).map(tuple),
    "ops.split.indices_or_sections": st.integers(1, 4) | st.just((1, 2)) | st.just((2,)),
    "ops.repeat.repeats": st.integers(1, 3) | st.just((1, 2, 3)) | st.just((2,)),
    "ops.tile.repeats": st.integers(1, 3) | st.lists(st.integers(1, 3), min_size=1, max_size=4).map(tuple),
    "ops.get_item.key": st.integers(-2, 2) | st.lists(_INDEX, max_size=4).map(tuple),
    "ops.cast.dtype": st.sampled_from(("float16", "int32", "bool")),
    "ops.one_hot.dtype": st.sampled_from((None, "int32")),
    "ops.one_hot.sparse": st.just(False),
    "ops.moments.synchronized": st.just(False),
    "ops.nan_to_num.nan": st.just(0.0),
}  # fmt: skip


@st.composite
def _cases(draw: Draw, facts: ClassFacts) -> tuple[Call, Inputs]:
    base = tuple(draw(st.lists(_SIZES, min_size=0, max_size=3)))
    arguments: dict[str, Any] = {}
    named: dict[str, Any] = {}
    for name, argument in facts.arguments.items():
        place = f"{facts.name}.{name}"
        if argument.tensor == "one":
            constant = bool(named) and facts.name not in ("ops.slice",) and draw(st.integers(0, 5)) == 5
            if facts.name == "ops.slice" and name == "start_indices":
                arguments[name] = (0,) * len(base)
            elif constant:
                arguments[name] = draw(st.sampled_from((2, 0.5, True, (1, 2, 3, 4), (0.5,), {"float64": 0.5})))
            else:
                named[name] = draw(_tensors(base))
        elif argument.tensor is not None:
            named[name] = tuple(draw(_tensors(base)) for _ in range(draw(st.integers(1, 3))))
        elif argument.required or draw(st.booleans()):
            arguments[name] = draw(_FITTED.get(place, of_kind(argument.kind) if name != "axis" else _AXIS))
    return Call(facts, arguments, _NOWHERE), Inputs((), named, single=False)


@st.composite
def _tensors(draw: Draw, base: Shape) -> Tensor:
    shape = tuple(draw(st.sampled_from((size,) * 8 + (1, None, 3))) for size in base)
    return Tensor(shape[draw(st.sampled_from((0,) * 9 + (1,))) :], draw(_DTYPES))


def _keras_answer(call: Call, inputs: Inputs) -> tuple[Tensor, ...] | Exception:
    import keras
    import numpy as np

    def symbolic(given: Any) -> Any:
        if isinstance(given, tuple):
            return [symbolic(tensor) for tensor in given]
        return keras.KerasTensor(given.shape, dtype=given.dtype)

    def constant(name: str, value: Any) -> Any:
        if name == "key" and call.name == "ops.get_item":
            return tuple(map(parsed_index, value)) if isinstance(value, tuple) else parsed_index(value)
        if isinstance(value, dict):
            return np.asarray(*value.values()).astype(*value)
        if call.facts.arguments[name].tensor is None or not isinstance(value, tuple):
            return value
        return (
            np.asarray(value, "float32" if isinstance(value[0], float) else "int32")
            if value
            else np.zeros((0,), "int32")
        )

    values = {name: symbolic(given) for name, given in inputs.named.items()}
    values |= {name: constant(name, value) for name, value in call.arguments.items()}
    leading = [values.pop("subscripts"), *values.pop("operands")] if "subscripts" in values else []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = reduce(getattr, call.facts.path.split(".")[1:], keras)(*leading, **values)
        except Exception as error:
            return error
    return tuple(Tensor(tuple(output.shape), output.dtype) for output in keras.tree.flatten(result))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_rule_agrees_with_keras(name: str) -> None:
    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(_cases(load()["ops"].classes[name]))
    def agrees(case: tuple[Call, Inputs]) -> None:
        call, inputs = case
        expected = _keras_answer(call, inputs)
        said = f"{name}({dict(call.arguments)}) on {dict(inputs.named)}:\n  Keras: {expected!r}\n"
        try:
            found: Inferred = infer_function(call, inputs)
        except ShapeError as error:
            assert isinstance(expected, Exception), f"{said}  rule refuses: {error.message}"
            return
        if any(tensor.shape is None for tensor in found.outputs):
            return
        assert found.outputs == expected, f"{said}  rule: {found.outputs!r}"

    agrees()
