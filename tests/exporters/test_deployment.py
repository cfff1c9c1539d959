"""What a model is deployed in predicts what the model predicts, by the format's own runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnistspec.diagnostics import MissingExtra
from mnistspec.exporters import deployment
from mnistspec.exporters.deployment import FORMATS, require
from mnistspec.language import EXPORT_BACKENDS


def _images() -> Any:
    from keras import Input, Sequential, layers

    seen = [Input((12, 12, 3), dtype="uint8"), layers.Rescaling(1 / 255), layers.RandomFlip()]
    learnt = [layers.Conv2D(4, 3, activation="relu"), layers.BatchNormalization(), layers.GlobalAveragePooling2D()]
    return Sequential([*seen, *learnt, layers.Dropout(0.5), layers.Dense(3, activation="softmax")])


def _rows() -> Any:
    from keras import Input, Sequential, layers

    return Sequential([Input((6, 5)), layers.Masking(), layers.Bidirectional(layers.LSTM(4)), layers.Dense(2)])


def _several() -> Any:
    from keras import Input, Model, layers

    left, right = Input((4,), name="to the left"), Input((6,), name="class")
    joined = layers.Concatenate()([left, right])
    return Model([left, right], [layers.Dense(3, name="2nd")(joined), layers.Dense(1, name="to_the_left")(joined)])


# Model -> the names of its inputs and outputs in the spec, and as a runtime takes them.
_MODELS = {
    _images: ((("photo",), ("mood",)), (("photo",), ("mood",))),
    _rows: ((("input",), ("output",)), (("input",), ("output",))),
    _several: (
        (("to the left", "class"), ("2nd", "to_the_left")),
        (("to_the_left", "class_"), ("tensor_2nd", "to_the_left_2")),
    ),
}  # fmt: skip


@pytest.mark.keras
@pytest.mark.parametrize("make", _MODELS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("name", FORMATS)
def test_a_format_predicts_what_the_model_predicts(name: str, make: Any, tmp_path: Path) -> None:
    import keras

    from mnistspec.exporters.deployment.serving import SavedModels

    keras.utils.set_random_seed(1)
    model, random = make(), np.random.default_rng(2)
    (inputs, outputs), (spelt_inputs, spelt_outputs) = _MODELS[make]
    given = [(9 * random.random((5, *tensor.shape[1:]))).astype(tensor.dtype) for tensor in model.inputs]
    models, path = SavedModels(model, inputs, outputs, tmp_path), tmp_path / FORMATS[name].path
    at_once = FORMATS[name].write(models, path)
    assert at_once == (1 if (name, make) == ("litert", _rows) else None)
    wanted = keras.tree.flatten(model.predict(given if len(given) > 1 else given[0], verbose=0))
    found = FORMATS[name].predict(path, {n: array[:at_once] for n, array in zip(spelt_inputs, given, strict=True)})
    assert set(found) == set(spelt_outputs)
    for array, output in zip(wanted, spelt_outputs, strict=True):
        np.testing.assert_allclose(found[output], array[:at_once], atol=1e-5)


def test_every_format_has_its_backends() -> None:
    assert FORMATS.keys() == EXPORT_BACKENDS.keys()


def test_what_a_format_needs_is_said_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployment, "find_spec", lambda name: name if name == "tensorflow" else None)
    require(("saved_model", "litert"))
    with pytest.raises(MissingExtra, match=r"onnx needs tf2onnx: pip install 'mnistspec\[onnx\]'"):
        require(("saved_model", "onnx"))
