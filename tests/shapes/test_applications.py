"""The models of `keras.applications`: each is built once, and says the same of shapes and parameters."""

from __future__ import annotations

import math
from typing import Any

import pytest

import mnistspec
from mnistspec.catalogue import load
from mnistspec.infer import TypedGraph
from mnistspec.shapes.application_facts import FACTS

# Their tops differ: a dense layer, convolutions, layers before it, a normalization, a flattened map.
_TOPS = ["DenseNet121", "MobileNet", "MobileNetV3Small", "ConvNeXtTiny", "VGG16"]


def _typed(name: str, shape: list[int | None], arguments: str) -> TypedGraph:
    text = f"""mnistspec: 1
model:
  kind: functional
  inputs: {{image: {str(shape).replace("None", "null")}}}
  layers: [applications.{name}: {{weights: null, name: it, {arguments}}}]
"""
    result = mnistspec.check(text)
    assert result.ok and result.graph is not None, result.diagnostics
    return result.graph


def _by_keras(name: str, **arguments: Any) -> Any:
    """The model without weights being drawn, which takes most of the time."""
    import keras

    keras.backend.clear_session()
    with keras.StatelessScope():
        return getattr(keras.applications, name)(weights=None, **arguments)


def _counts(model: Any) -> tuple[int, int]:
    return tuple(  # type: ignore[return-value]
        sum(math.prod(weight.shape) for weight in weights)
        for weights in (model.trainable_weights, model.non_trainable_weights)
    )


def _same(typed: TypedGraph, model: Any) -> None:
    assert typed.inferred["it"].outputs[0].shape == tuple(model.output.shape)
    assert (typed.trainable, typed.non_trainable) == _counts(model)


def test_every_application_of_keras_is_known() -> None:
    assert {f"applications.{name}" for name in FACTS} == set(load()["applications"].classes)


@pytest.mark.keras
@pytest.mark.slow
@pytest.mark.parametrize("name", FACTS)
def test_features_of_odd_sizes_and_their_parameters(name: str) -> None:
    model = _by_keras(name, include_top=False, input_shape=(109, 78, 1))
    _same(_typed(name, [109, 78, 1], "include_top: false"), model)


@pytest.mark.keras
@pytest.mark.parametrize("name", _TOPS)
def test_a_top_has_its_classes(name: str) -> None:
    model = _by_keras(name, include_top=True, classes=7, input_shape=(96, 64, 3))
    _same(_typed(name, [96, 64, 3], "classes: 7"), model)


@pytest.mark.parametrize("name", FACTS)
def test_pooled_features_of_any_size(name: str) -> None:
    typed = _typed(name, [None, None, 3], "include_top: false, pooling: max")
    assert typed.inferred["it"].outputs[0].shape == (None, FACTS[name].channels)
    assert _typed(name, [None, 200, 3], "include_top: false").inferred["it"].outputs[0].shape[1] is None  # type: ignore[index]


def test_frozen_it_has_nothing_to_train() -> None:
    typed = _typed("VGG16", [64, 64, 3], "include_top: false, trainable: false")
    assert (typed.trainable, typed.non_trainable) == (0, 14_714_688)


@pytest.mark.keras
@pytest.mark.slow
@pytest.mark.parametrize("name", ["MobileNet", "MobileNetV2", "MobileNetV3Large", "MobileNetV3Small"])
@pytest.mark.parametrize("alpha", [0.35, 0.6, 1.4])
def test_features_of_other_widths(name: str, alpha: float) -> None:
    model = _by_keras(name, include_top=False, input_shape=(96, 64, 3), alpha=alpha)
    typed = _typed(name, [96, 64, 3], f"include_top: false, alpha: {alpha}")
    assert typed.inferred["it"].outputs[0].shape == tuple(model.output.shape)


@pytest.mark.parametrize(
    ("layer", "refused"),
    [
        ("MobileNet: {include_top: false, alpha: 0.25}", False),
        ("MobileNet: {include_top: false, alpha: 0.35}", True),
        ("MobileNet: {include_top: false, depth_multiplier: 2}", True),
        ("MobileNet: {include_top: false, depth_multiplier: 2, weights: null}", False),
        ("MobileNetV2: {include_top: false, alpha: 1.4}", False),
        ("MobileNetV3Small: {include_top: false, alpha: 0.75}", False),
        ("MobileNetV3Small: {include_top: false, alpha: 0.75, minimalistic: true}", True),
    ],
)
def test_widths_without_published_weights_are_refused(layer: str, refused: bool) -> None:
    text = f"mnistspec: 1\nmodel: {{kind: sequential, input: [224, 224, 3], layers: [applications.{layer}]}}\n"
    assert [found.code for found in mnistspec.check(text).diagnostics] == (["E412"] if refused else [])
