"""Models that no spec can hold: refused, with the place and the reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mnistspec
from mnistspec.diagnostics import UsageError

from .law import chain

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def k() -> Any:
    import keras

    return keras


def relu(x: Any) -> Any:
    """A function of one's own under the name of one of Keras'."""
    return x


def _refused(k: Any) -> dict[str, Any]:
    layers, given, dense = k.layers, k.Input((4, 3)), k.layers.Dense(3)

    class Own(layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x

    class Subclassed(k.Model):  # type: ignore[misc]
        pass

    learnt = layers.Normalization()
    learnt.adapt(np.ones((2, 3), "float32") * 5)
    compiled = k.Sequential([k.Input((3,)), layers.Dense(2)])
    compiled.compile("sgd", relu)
    shared = [layers.TimeDistributed(dense, name=name)(given) for name in ("one", "two")]
    inner = k.Sequential([layers.Dense(2)], name="inner")
    return {
        "`net` .* it is a `Subclassed`, made by Python code": Subclassed(name="net"),
        "`own` .* it is a `Own` of .* and a spec names": chain(k, given, Own(name="own")),
        "`code` .* it holds the Python function `<lambda>`": chain(k, given, layers.Lambda(lambda x: x, name="code")),
        "`d` .* it holds the Python function `relu`": chain(k, given, layers.Dense(2, activation=relu, name="d")),
        "`compile` .* it holds the Python function `relu`": compiled,
        "`two` .* it shares weights with `one`": k.Model(given, layers.Add()(shared)),
        "`.*` .* it is a `ReLU` of `keras.src.activations": chain(k, given, k.activations.relu),
        "`both` .* it has a model inside it": chain(k, given, layers.Pipeline([inner], name="both")),
        "`.*` .* an index holds whole numbers": k.Model(given, given[:, True]),
        "`t` .* inside it learnt from data": chain(k, given, layers.TimeDistributed(learnt, name="t")),
        "`m` .* frozen while `.*` inside it trains": k.Model(
            given, layers.MultiHeadAttention(2, 2, trainable=False, name="m")(given, given)
        ),
        "a spec is made from a Keras model, not from 'Dense'": dense,
    }  # fmt: skip


@pytest.mark.parametrize("index", range(12))
def test_what_no_spec_can_hold_is_refused_with_the_place_and_the_reason(k: Any, index: int) -> None:
    reason, model = list(_refused(k).items())[index]
    with pytest.raises(UsageError, match=reason):
        mnistspec.from_keras(model)


def test_code_in_the_settings_is_no_trouble_where_they_are_left_out(k: Any) -> None:
    model = k.Sequential([k.Input((3,)), k.layers.Dense(2)])
    model.compile("sgd", relu)
    assert "compile" not in mnistspec.from_keras(model, compile=False)
