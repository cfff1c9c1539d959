"""The models of keras.applications as specs: short, readable, and the same to the bit."""

from __future__ import annotations

from typing import Any

import pytest

import mnistspec

from .law import assert_law

pytestmark = pytest.mark.keras


@pytest.mark.parametrize(
    ("name", "lines", "settings"),
    [
        ("VGG16", 26, {"input_shape": (32, 32, 3), "include_top": False}),
        ("ResNet50", 60, {"input_shape": (32, 32, 3)}),
        ("MobileNetV2", 65, {"input_shape": (32, 32, 3)}),
        ("DenseNet121", 45, {"input_shape": (32, 32, 3)}),
    ],
)
def test_an_application_is_a_short_spec(name: str, lines: int, settings: dict[str, Any]) -> None:
    import keras

    keras.backend.clear_session()
    model = getattr(keras.applications, name)(weights=None, **settings)
    written = assert_law(model).splitlines()
    assert len(written) <= lines, name
    assert max(map(len, written)) <= 120
    assert len(mnistspec.from_keras(model, flat=True).splitlines()) >= len(model.layers)
