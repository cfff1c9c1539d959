"""Integers on their way into layers that compute with floating point numbers alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mnistspec.lints.integers import _LAYERS
from tests.lints.checking import codes, findings, of_layers

_PIXELS = "{shape: [8, 8, 3], dtype: uint8}"
_TRAINING = "compile: {loss: mse}\nfit: {}\n"


def _refused(layers: str, more: str = "") -> list[str]:
    return [code for code in of_layers(layers, shape=_PIXELS, more=_TRAINING + more) if code == "E412"]


@pytest.mark.parametrize(
    ("layer", "found"),
    [
        ("{Conv2D: {filters: 2, kernel_size: 3}}", ["E412"]),
        ("Flatten, Softmax", ["E412"]),
        ("{AveragePooling2D: {pool_size: 2}}", ["E412"]),
        ("ZeroPadding2D, {Conv2D: {filters: 2, kernel_size: 3}}", ["E412"]),
        ("{TimeDistributed: {layer: {Conv1D: {filters: 2, kernel_size: 3}}}}", ["E412"]),
        ("{SpectralNormalization: {layer: {Conv2D: {filters: 2, kernel_size: 3}}}}", ["E412"]),
        ("{Activation: {activation: sigmoid}}", ["E412"]),
        ("{Sequential: {layers: [{Conv2D: {filters: 2, kernel_size: 3}}]}}", ["E412"]),
        ("{Sequential: {input: {shape: [8, 8, 3]}, layers: [{Conv2D: {filters: 2, kernel_size: 3}}]}}", []),
        ("{Activation: {activation: relu}}", []),
        ("{MaxPooling2D: {pool_size: 2}}", []),
        ("{Rescaling: {scale: 0.1}}, {Conv2D: {filters: 2, kernel_size: 3}}", []),
        ("Flatten, {Dense: {units: 3}}", []),
    ],
)
def test_layers_on_integers(layer: str, found: list[str]) -> None:
    assert _refused(layer) == found


def test_a_model_by_itself_is_one_that_keras_takes_and_never_runs() -> None:
    assert of_layers("{Conv2D: {filters: 2, kernel_size: 3}}", shape=_PIXELS) == ["W523"]
    assert of_layers("{Dropout: {rate: 0.5}}", shape=_PIXELS) == []


@pytest.mark.parametrize(("backend", "found"), [("tensorflow", ["E412"]), ("jax", []), ("torch", ["E412"])])
def test_each_backend_refuses_what_it_cannot_compute(backend: str, found: list[str]) -> None:
    assert _refused("{Conv2D: {filters: 2, kernel_size: 3}}", f"backend: {backend}\n") == found


@pytest.mark.parametrize(("rate", "found"), [("0.2", ["E412"]), ("0", ["W505"])])
def test_dropping_refuses_integers_in_training_alone(rate: str, found: list[str]) -> None:
    layers = f"[Flatten, {{Dropout: {{rate: {rate}}}}}, {{Dense: {{units: 1}}}}]"
    model = f"model: {{kind: sequential, layers: {layers}}}\n"
    assert [code for code in codes(f"data: {{source: mnist}}\n{model}{_TRAINING}") if code != "W513"] == found


@pytest.mark.parametrize(
    ("head", "help"),
    [
        ("data: {source: mnist, prepare: {x: [expand_dims]}}\nmodel:\n  kind: sequential\n",
         "add `{rescale: 255}` to `data.prepare.x`"),
        ("model:\n  kind: sequential\n  input: {shape: [28, 28, 1], dtype: int32}\n",
         "give the input `input` the dtype `float32`"),
    ],
)  # fmt: skip
def test_the_way_out_goes_where_the_integers_come_from(head: str, help: str) -> None:
    layers = "  layers: [{ZeroPadding2D: {padding: 1}}, {Conv2D: {filters: 2, kernel_size: 3}}]\n"
    told = findings(head + layers + _TRAINING)
    assert [found.help for found in told if found.code == "E412"] == [help]


def test_integers_that_a_layer_makes_are_cast_behind_it() -> None:
    text = """model:
  kind: functional
  inputs: {x: {shape: [6, 3]}}
  layers:
    - ops.argmax: {axis: -1, keepdims: true}
    - Conv1D: {filters: 2, kernel_size: 3}
"""
    (found,) = (found for found in findings(text + _TRAINING) if found.code == "E412")
    assert found.help == "make floating point numbers of them first, with ops.cast: {dtype: float32}"


@pytest.mark.keras
def test_keras_fails_on_integers_where_the_lint_says_so_and_nowhere_else() -> None:
    failing = {name for name, call in _calls() if not call()}
    assert failing == _LAYERS["tensorflow"]


def _calls() -> Iterator[tuple[str, Any]]:
    """Each layer that computes with numbers, with a call of it on integers in a compiled function."""
    import keras

    sizes = {1: (6, 3), 2: (6, 6, 3), 3: (6, 6, 6, 3)}
    small: dict[str, tuple[dict[str, Any], tuple[int, ...]]] = {
        **{name: ({}, (6, 3)) for name in ("ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax", "UnitNormalization")},
        **{name: ({}, (6, 3)) for name in ("BatchNormalization", "LayerNormalization", "RMSNormalization")},
        **{name: ({"units": 2}, (6, 3)) for name in ("Dense", "LSTM", "GRU", "SimpleRNN")},
        "Rescaling": ({"scale": 0.5}, (6, 3)), "Attention": ({}, (6, 3)),
        "RandomSaturation": ({"factor": 0.5}, (6, 6, 3)),
    }  # fmt: skip
    for rank, size in sizes.items():
        small.update({f"Global{kind}Pooling{rank}D": ({}, size) for kind in ("Average", "Max")})
        small.update({f"{kind}Pooling{rank}D": ({"pool_size": 2}, size) for kind in ("Average", "Max")})
        small.update({f"Adaptive{kind}Pooling{rank}D": ({"output_size": 2}, size) for kind in ("Average", "Max")})
        filters = {"filters": 2, "kernel_size": 2}
        small.update({f"Conv{rank}D{end}": (filters, size) for end in ("", "Transpose")})
        small[f"ConvLSTM{rank}D"] = (filters, (2, *size))
        if rank < 3:
            small[f"SeparableConv{rank}D"] = (filters, size)
            small[f"DepthwiseConv{rank}D"] = ({"kernel_size": 2}, size)

    def works(name: str) -> bool:
        arguments, size = small[name]
        given = keras.Input(size, dtype="int32")
        layer = getattr(keras.layers, name)(**arguments)
        model = keras.Model(given, layer([given, given] if name == "Attention" else given))
        try:
            model.predict_on_batch(keras.ops.ones((2, *size), "int32"))
        except Exception:
            return False
        return True

    for name in small:
        yield name, lambda name=name: works(name)
