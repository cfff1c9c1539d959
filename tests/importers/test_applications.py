"""The models of keras.applications as specs: short, readable, and the same to the bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import mnistspec
from mnistspec.cli import app
from mnistspec.diagnostics import UsageError

from .law import assert_law, examples, results

pytestmark = pytest.mark.keras


@pytest.mark.parametrize(
    ("name", "lines", "settings"),
    [
        ("VGG16", 27, {"input_shape": (32, 32, 3), "include_top": False}),
        ("ResNet50", 65, {"input_shape": (32, 32, 3)}),
        ("MobileNetV2", 75, {"input_shape": (32, 32, 3)}),
        ("DenseNet121", 55, {"input_shape": (32, 32, 3)}),
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


def test_weights_of_a_saved_model_go_into_the_one_that_its_spec_builds(tmp_path: Path) -> None:
    import keras

    model = keras.applications.MobileNetV2(weights=None, input_shape=(32, 32, 3), alpha=0.35)
    model.save(tmp_path / "net.keras")
    spec = tmp_path / "net.yaml"
    result = CliRunner().invoke(app, ["import", str(tmp_path / "net.keras"), "--out", str(spec), "--weights"])
    assert result.exit_code == 0 and "net.weights.h5" in result.stdout
    built = mnistspec.build(spec, weights=tmp_path / "net.weights.h5")
    assert results(built, examples(model)) == results(model, examples(model))


def test_weights_that_do_not_fit_are_told_in_a_sentence(tmp_path: Path) -> None:
    import keras

    net = "mnistspec: 1\nmodel: {kind: sequential, input: [4], layers: [{Dense: {units: 3}}]}\n"
    path = tmp_path / "x.weights.h5"
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(5)]).save_weights(path)
    wrong = {path: "has not the weights of this model", tmp_path / "x.h5": "is no file of weights"}
    for weights, reason in {**wrong, tmp_path / "y.weights.h5": "there is no file"}.items():
        with pytest.raises(UsageError, match=reason):
            mnistspec.build(net, weights=weights)
