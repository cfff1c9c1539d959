"""The models of `keras.applications`: each is built once, and says the same of shapes, parameters and work."""

from __future__ import annotations

import math
from typing import Any

import pytest

import mnistspec
from mnistspec.catalogue import load
from mnistspec.memory import activation_bytes, node_bytes, tensor_bytes
from mnistspec.shapes.application_facts import FACTS
from mnistspec.typed import TypedGraph

# Their tops differ: a dense layer, convolutions, layers before it, a normalization, a flattened map.
_TOPS = ["DenseNet121", "MobileNet", "MobileNetV3Small", "ConvNeXtTiny", "VGG16"]


def _typed(name: str, shape: list[int | None], arguments: str) -> TypedGraph:
    text = f"""mnistspec: 1
model:
  kind: functional
  inputs: {{image: {str(shape).replace("None", "null")}}}
  layers: [applications.{name}: {{{"" if "weights" in arguments else "weights: null, "}name: it, {arguments}}}]
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
    """Shapes and parameters are Keras', and the work inside what is counted layer by layer."""
    assert typed.inferred["it"].outputs[0].shape == tuple(model.output.shape)
    assert (typed.trainable, typed.non_trainable) == _counts(model)
    layers = mnistspec.check(mnistspec.from_keras(model, flat=True)).graph
    assert layers is not None
    assert layers.flops is not None
    assert typed.flops == layers.flops
    picture = tensor_bytes(layers.inputs.values())
    of_layers = activation_bytes(layers)
    assert picture is not None and of_layers is not None
    assert node_bytes(typed, "it") == of_layers - picture


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


@pytest.mark.keras
@pytest.mark.parametrize(
    ("name", "arguments", "classifier"),
    [
        ("MobileNetV2", {"include_top": False, "pooling": "max"}, "include_top: false, pooling: max"),
        ("ConvNeXtTiny", {"include_top": False, "pooling": "avg"}, "include_top: false, pooling: avg"),
        ("ResNet50V2", {"classes": 5, "classifier_activation": None}, "classes: 5, classifier_activation: null"),
        ("MobileNet", {"classes": 5, "classifier_activation": None}, "classes: 5, classifier_activation: null"),
    ],
)
def test_what_stands_at_the_end_is_counted(name: str, arguments: dict[str, Any], classifier: str) -> None:
    _same(_typed(name, [64, 64, 3], classifier), _by_keras(name, input_shape=(64, 64, 3), **arguments))


@pytest.mark.keras
def test_published_weights_of_efficient_nets_come_with_a_layer_more(monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    # What Keras builds before it fetches the weights.
    monkeypatch.setattr("keras.src.utils.file_utils.get_file", lambda *given, **keywords: "weights.h5")
    monkeypatch.setattr(keras.Model, "load_weights", lambda *given, **keywords: None)
    with keras.StatelessScope():
        model = keras.applications.EfficientNetB0(include_top=False, input_shape=(64, 96, 3))
    typed = _typed("EfficientNetB0", [64, 96, 3], "include_top: false, weights: imagenet")
    _same(typed, model)


@pytest.mark.parametrize(
    ("shape", "arguments"),
    [
        ([64, 64, 4], "include_top: false"),
        ([None, 64, 3], "include_top: false"),
        ([64, 64, 3], "include_top: false, include_preprocessing: false"),
    ],
)
def test_what_is_not_known_of_the_work_is_not_guessed(shape: list[int | None], arguments: str) -> None:
    typed = _typed("EfficientNetV2B0", shape, arguments)
    assert typed.flops is None
    assert activation_bytes(typed) is None
    assert typed.trainable is not None


def test_on_every_frame_it_works_as_often() -> None:
    text = """mnistspec: 1
model:
  kind: functional
  inputs: {clip: [5, 32, 32, 3]}
  layers: [TimeDistributed: {layer: {applications.MobileNet: {weights: null, include_top: false}}, name: frames}]
"""
    clip, frame = mnistspec.check(text).graph, _typed("MobileNet", [32, 32, 3], "include_top: false")
    assert clip is not None and clip.flops is not None and frame.flops is not None
    assert clip.flops == 5 * frame.flops
    of_frame = node_bytes(frame, "it")
    assert of_frame is not None
    assert node_bytes(clip, "frames") == 5 * (of_frame + 1024 * 4)


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
    assert (typed.trainable, typed.non_trainable) == _counts(model)


@pytest.mark.keras
@pytest.mark.parametrize(
    ("name", "arguments", "written"),
    [
        ("MobileNet", {"alpha": 0.77, "depth_multiplier": 2}, "alpha: 0.77, depth_multiplier: 2"),
        ("MobileNetV2", {"alpha": 1.4}, "alpha: 1.4"),
        ("MobileNetV3Large", {"alpha": 1.3, "minimalistic": True}, "alpha: 1.3, minimalistic: true"),
        ("MobileNetV3Small", {"alpha": 0.5}, "alpha: 0.5"),
    ],
)
def test_parameters_of_other_widths_with_their_tops(name: str, arguments: dict[str, Any], written: str) -> None:
    model = _by_keras(name, input_shape=(64, 64, 1), classes=7, **arguments)
    typed = _typed(name, [64, 64, 1], f"classes: 7, {written}")
    assert (typed.trainable, typed.non_trainable) == _counts(model)


def test_a_width_that_leaves_nothing_is_refused() -> None:
    layer = "applications.MobileNet: {weights: null, alpha: ALPHA}"
    text = f"mnistspec: 1\nmodel: {{kind: sequential, input: [64, 64, 3], layers: [{layer}]}}\n"
    (found,) = mnistspec.check(text.replace("ALPHA", "0.03")).diagnostics
    assert found.code == "E412" and "leaves the first layer of applications.MobileNet no channels" in found.message
    assert mnistspec.check(text.replace("ALPHA", "0.03125")).ok


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
