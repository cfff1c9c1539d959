from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

import mnistspec

pytestmark = pytest.mark.keras

X = np.random.default_rng(0).normal(5, 2, size=(200, 3)).astype("float32")
WORDS = np.array(["red", "red", "red", "blue", "blue", "green"] * 10)


def adapted(layers: str, x: Any, inputs: str = "{x: [3]}") -> tuple[Any, tuple[str, ...]]:
    """The model of a functional spec with these layers after adapting, and the names of the adapted layers."""
    from mnistspec.backend import import_keras

    import_keras()
    from mnistspec.exporters.keras_model import build_model
    from mnistspec.training.adapting import adapt_layers

    result = mnistspec.check(
        f"mnistspec: 1\nseed: 1\nmodel:\n  kind: functional\n  inputs: {inputs}\n  layers: {layers}\n"
    )
    assert result.ok, result.diagnostics
    plan = result.plan()
    model = build_model(plan)
    return model, adapt_layers(model, plan, x)


def strings(values: np.ndarray) -> Any:
    import tensorflow as tf

    return tf.constant(values.tolist(), dtype=tf.string)


def test_normalization_learns_the_mean_and_variance_of_the_training_inputs(tiny: ModuleType) -> None:
    model, names = adapted("[Normalization]", X)
    assert names == ("normalization",)
    found = model.predict(X, verbose=0)
    assert np.allclose(found.mean(axis=0), 0, atol=1e-4) and np.allclose(found.std(axis=0), 1, atol=1e-4)


def test_a_layer_behind_others_learns_from_what_reaches_it(tiny: ModuleType) -> None:
    layers = "[{Rescaling: {scale: 10.0, offset: 1.0}}, {Normalization: {name: late}}]"
    model, _ = adapted(layers, X)
    late = model.get_layer("late")
    assert np.allclose(np.ravel(late.adapt_mean), X.mean(axis=0) * 10 + 1, rtol=1e-4)
    assert np.allclose(np.ravel(late.adapt_variance), X.var(axis=0) * 100, rtol=1e-3)


def test_layers_are_adapted_in_order_so_that_the_second_sees_the_first_one_at_work(tiny: ModuleType) -> None:
    model, names = adapted("[{Normalization: {name: a}}, {Normalization: {name: b}}]", X)
    assert names == ("a", "b")
    assert np.allclose(np.ravel(model.get_layer("b").adapt_mean), 0, atol=1e-4)
    assert np.allclose(np.ravel(model.get_layer("b").adapt_variance), 1, atol=1e-3)


def test_what_the_spec_gives_is_not_learned_again(tiny: ModuleType) -> None:
    model, names = adapted("[{Normalization: {mean: [0.0, 0.0, 0.0], variance: [4.0, 4.0, 4.0]}}]", X)
    assert names == ()
    assert np.allclose(model.predict(X, verbose=0), X / 2, atol=1e-5)


def test_a_layer_called_by_argument_names_is_adapted_to_its_input(tiny: ModuleType) -> None:
    both = {"a": X, "b": X + 100}
    model, _ = adapted(
        "[{Normalization: {name: n, from: {inputs: b}}}, {Add: {from: [a, n]}}]", both, "{a: [3], b: [3]}"
    )
    assert np.allclose(np.ravel(model.get_layer("n").adapt_mean), X.mean(axis=0) + 100, rtol=1e-4)


def test_a_vocabulary_is_learned_by_how_often_words_come(tiny: ModuleType) -> None:
    model, names = adapted("[StringLookup]", strings(WORDS[:, None]), "{x: {shape: [1], dtype: string}}")
    assert names == ("string_lookup",)
    assert model.get_layer("string_lookup").get_vocabulary() == ["[UNK]", "red", "blue", "green"]
    assert np.ravel(model.predict(strings(WORDS[2:6, None]), verbose=0)).tolist() == [1, 2, 2, 3]


def test_texts_are_split_into_learned_words(tiny: ModuleType) -> None:
    texts = strings(np.array([["red red blue"], ["red green!"]]))
    layers = "[{TextVectorization: {output_sequence_length: 4}}]"
    model, _ = adapted(layers, texts, "{x: {shape: [1], dtype: string}}")
    assert model.predict(texts, verbose=0).tolist() == [[2, 2, 4, 0], [2, 3, 0, 0]]


def test_bins_are_learned_and_a_lookup_behind_them_learns_the_bins(tiny: ModuleType) -> None:
    x = np.arange(100, dtype="float32")[:, None]
    layers = "[{Discretization: {num_bins: 4, name: bins}}, {IntegerLookup: {name: ids}}]"
    model, names = adapted(layers, x, "{x: [1]}")
    assert names == ("bins", "ids") and len(model.get_layer("bins").bin_boundaries) == 3
    assert set(model.get_layer("ids").get_vocabulary()) == {-1, 0, 1, 2, 3}


def test_strings_can_pass_through_a_layer_before_they_are_learned(tiny: ModuleType) -> None:
    layers = "[{Identity: {dtype: string}}, {StringLookup: {name: words}}]"
    model, _ = adapted(layers, strings(WORDS[:, None]), "{x: {shape: [1], dtype: string}}")
    assert model.get_layer("words").get_vocabulary() == ["[UNK]", "red", "blue", "green"]
