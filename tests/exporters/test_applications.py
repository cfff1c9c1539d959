"""Models of `keras.applications` as layers: built, frozen, ended in layers inside, printed and resolved."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import mnistspec
from mnistspec.diagnostics import DataUnavailable, SpecRefused

pytestmark = pytest.mark.keras

_TEXT = """mnistspec: 1
seed: 3
model:
  kind: functional
  inputs: {image: [40, 33, 3]}
  layers:
    - applications.MobileNet:
        {weights: null, include_top: false, alpha: 0.25, trainable: false, call: {training: false}, name: base}
    - applications.MobileNetV3Small:
        {weights: null, include_top: false, from: image, outputs: [conv, expanded_conv_project_bn], name: inner}
    - GlobalAveragePooling2D: {from: base}
    - GlobalAveragePooling2D: {from: inner.0}
    - Concatenate: {from: [global_average_pooling2d, global_average_pooling2d_1]}
    - Dense: {units: 2}
"""


@pytest.fixture(scope="module")
def model() -> Any:
    return mnistspec.build(_TEXT)


def test_it_is_one_layer_and_frozen_whole(model: Any) -> None:
    base = model.get_layer("base")
    assert base.input_shape == (None, 40, 33, 3)
    assert base.trainable_weights == [] and len(base.weights) > 80


def test_outputs_end_it_in_layers_inside(model: Any) -> None:
    assert [tuple(tensor.shape) for tensor in model.get_layer("inner").outputs] == [
        (None, 20, 17, 16),
        (None, 10, 9, 16),
    ]


def test_the_script_builds_the_same(model: Any, building: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(mnistspec.to_python(_TEXT))
    again = runpy.run_path(str(tmp_path / "script.py"))["build_model"]()
    assert building.weights(model) == building.weights(again)
    assert [layer.name for layer in model.layers] == [layer.name for layer in again.layers]


def test_the_resolved_spec_means_the_same(building: ModuleType) -> None:
    resolved = building.resolved(_TEXT)
    assert building.resolved(resolved) == resolved
    assert building.weights(building.build(resolved)) == building.weights(building.build(_TEXT))


def test_a_layer_that_is_not_inside_is_named_at_its_place() -> None:
    with pytest.raises(SpecRefused, match=r"<text>:9:.*it has no layer `convv` inside; .*`conv`"):
        mnistspec.build(_TEXT.replace("[conv, expanded_conv_project_bn]", "[conv, convv]"))


def test_weights_that_cannot_be_downloaded_are_no_traceback() -> None:
    from mnistspec.exporters.keras_applications import application

    def offline(**arguments: object) -> None:
        raise Exception("URL fetch failure on https://example.org/weights.h5: None -- Name or service not known")

    with pytest.raises(DataUnavailable, match="the weights of `base` cannot be downloaded: URL fetch failure"):
        application(offline, {"name": "base", "input_shape": (64, 64, 3)}, [])  # type: ignore[arg-type]
