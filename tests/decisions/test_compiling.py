from __future__ import annotations

from typing import Any

import pytest

from tests.decisions.deciding import decided

_CLASSIFIER = {"Dense": {"units": 10, "activation": "softmax"}}
_CONVOLUTION = ({"Conv2D": {"filters": 8, "kernel_size": 3}}, "Flatten", _CLASSIFIER)


def test_dense_layers_are_compiled_and_the_reason_has_the_figures() -> None:
    found = decided().jit_compile
    assert found.value is True and "5,400 steps" in found.reason


def test_a_training_too_short_to_win_the_compiling_back_is_not() -> None:
    found = decided(examples=4_500, fit={"epochs": 2}).jit_compile
    assert found.value is False and "compiling takes" in found.reason


@pytest.mark.parametrize(
    ("layers", "shape", "named"),
    [
        (_CONVOLUTION, (28, 28, 1), "`conv2d`"),
        (({"LSTM": {"units": 8}}, _CLASSIFIER), (28, 28), "`lstm`"),
        (({"Dropout": {"rate": 0.5}}, _CLASSIFIER), (784,), "`dropout`"),
    ],
)
def test_a_layer_that_xla_makes_slower_is_named(layers: tuple[Any, ...], shape: tuple[int, ...], named: str) -> None:
    found = decided(layers, shape=shape).jit_compile
    assert found.value is False and named in found.reason


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"deterministic": True}, "deterministic"),
        ({"compiled": {"metrics": ["R2Score"], "loss": "mse"}}, "`R2Score`"),
        ({"compiled": {"loss": {"SparseCategoricalCrossentropy": {"reduction": "sum"}}}}, "SparseCategorical"),
        ({"compiled": {"precision": "mixed_bfloat16"}}, "mixed_bfloat16"),
        ({"compiled": {"run_eagerly": True}}, "run_eagerly"),
    ],
)
def test_what_speaks_against_it_is_told(changes: dict[str, Any], named: str) -> None:
    found = decided(**changes).jit_compile
    assert found.value is False and named in found.reason


@pytest.mark.parametrize("wanted", [True, False])
def test_the_spec_has_the_last_word(wanted: bool) -> None:
    found = decided(_CONVOLUTION, shape=(28, 28, 1), compiled={"jit_compile": wanted}).jit_compile
    assert (found.value, found.reason) == (wanted, "the spec says so")


def test_jax_compiles_many_steps_together_where_that_is_not_slower() -> None:
    """It compiles each step in any case."""
    assert decided(backend="jax").jit_compile.value is True and decided(backend="jax").compiled_whole
    assert decided(({"LSTM": {"units": 8}}, _CLASSIFIER), shape=(28, 28), backend="jax").compiled_whole
    found = decided(_CONVOLUTION, shape=(28, 28, 1), backend="jax")
    assert found.jit_compile.value == "auto" and "`conv2d`" in found.jit_compile.reason and not found.compiled_whole
    found = decided(backend="jax", deterministic=True)
    assert found.jit_compile.value == "auto" and "rounds otherwise" in found.jit_compile.reason


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_a_spec_that_asks_for_xla_has_each_step_compiled(backend: str) -> None:
    found = decided(backend=backend, compiled={"jit_compile": True})
    assert found.jit_compile.value is True and not found.compiled_whole


def test_what_is_not_known_or_not_ours_is_left_open() -> None:
    assert decided(examples=None).jit_compile.value == "auto"
    assert decided(accelerated=True).jit_compile.value == decided(backend="torch").jit_compile.value == "auto"
