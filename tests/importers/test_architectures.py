"""Every architecture of keras.applications: its spec builds it again, and the checker knows its shapes and counts.

A few are asked in each run of the tests; with `MNISTSPEC_APPLICATIONS=all` in the environment it is all of them, which
takes a quarter of an hour on two cores.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

import mnistspec

from .law import assert_law

pytestmark = pytest.mark.keras

_FEW = ("MobileNet", "MobileNetV3Small")
_MORE = (
    "ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtSmall", "ConvNeXtTiny", "ConvNeXtXLarge",
    "DenseNet121", "DenseNet169", "DenseNet201", "EfficientNetB0", "EfficientNetB1", "EfficientNetB2", "EfficientNetB3",
    "EfficientNetB4", "EfficientNetB5", "EfficientNetB6", "EfficientNetB7", "EfficientNetV2B0", "EfficientNetV2B1",
    "EfficientNetV2B2", "EfficientNetV2B3", "EfficientNetV2L", "EfficientNetV2M", "EfficientNetV2S",
    "InceptionResNetV2", "InceptionV3", "MobileNetV2", "MobileNetV3Large", "NASNetLarge", "NASNetMobile", "ResNet101",
    "ResNet101V2", "ResNet152", "ResNet152V2", "ResNet50", "ResNet50V2", "VGG16", "VGG19", "Xception",
)  # fmt: skip
_ASKED = sorted({*_FEW, *_MORE}) if os.environ.get("MNISTSPEC_APPLICATIONS") == "all" else _FEW


def _model(name: str) -> Any:
    import keras

    keras.backend.clear_session()
    return getattr(keras.applications, name)(weights=None)


@pytest.mark.parametrize("name", _ASKED)
def test_an_architecture_comes_back_from_its_spec(name: str) -> None:
    model = _model(name)
    text = assert_law(model, size=64)
    found = mnistspec.check(text)
    assert found.graph is not None
    assert found.ok
    assert (found.graph.trainable, found.graph.non_trainable) == (_count(model, True), _count(model, False))
    shapes = {
        node.name: [tensor.shape for tensor in found.graph.inferred[node.name].outputs] for node in found.graph.used
    }
    assert shapes == {operation.name: [tuple(operation.output.shape)] for operation in model.operations[1:]}


def _count(model: Any, trainable: bool) -> int:
    weights = model.trainable_weights if trainable else model.non_trainable_weights
    return sum(int(np.prod(weight.shape)) for weight in weights)


def test_no_architecture_is_left_out() -> None:
    import keras

    assert {*_FEW, *_MORE} == {name for name in dir(keras.applications) if name[0].isupper()}
