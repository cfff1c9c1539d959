"""Compiling while the data are read changes nothing of what a run leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import mnistspec

from .small import arrays, proven, record, spec_text, weights, without_seconds

pytestmark = pytest.mark.keras

_LAYERS = (
    "[Flatten, {Dense: {units: 12, activation: relu}}, BatchNormalization, {Dense: {units: 10, activation: softmax}}]"
)
_SAMPLE = "source: mnist_sample, validation: 0.1, limit: {train: 200, test: 60}"
_DATA = {
    "stored": f"{_SAMPLE}, prepare: {{x: [{{rescale: 255}}]}}",
    "prepared": f"{_SAMPLE}, hold: prepared, prepare: {{x: [{{rescale: 255}}], y: [{{one_hot: 10}}]}}",
}
_LOSSES = {"stored": "sparse_categorical_crossentropy", "prepared": "categorical_crossentropy"}


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was begun ahead; compiling is thought to cost nothing, so that it is done for the smallest training."""
    from mnistspec import execution

    found: list[Any] = []
    ahead = execution.ahead
    monkeypatch.setattr("mnistspec.decisions.compiling._COMPILING", -10.0)
    monkeypatch.setattr(execution, "ahead", lambda *given: (found.append(ahead(*given)), found[-1])[1])
    return found


@pytest.mark.parametrize("hold", _DATA)
def test_the_same_bits(hold: str, begun: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = spec_text(layers=_LAYERS, data=_DATA[hold], compile=f"optimizer: adam, loss: {_LOSSES[hold]}")
    first = mnistspec.run(text, out=tmp_path)
    assert len(begun) == 1 and begun[0] is not None
    monkeypatch.setattr("mnistspec.execution.blank_split", lambda *_, **__: None)
    second = mnistspec.run(text, out=tmp_path)
    assert len(begun) == 1
    assert record(first.folder)["jit_compile"] is True and record(second.folder)["jit_compile"] is True
    assert weights(first.folder) == weights(second.folder) and arrays(first.folder) == arrays(second.folder)
    assert without_seconds(first.folder) == without_seconds(second.folder) and first.metrics == second.metrics
    assert proven(first) and proven(second)


def test_weights_to_begin_with_are_there_first(begun: list[Any], tmp_path: Path) -> None:
    text = spec_text(layers=_LAYERS, data=_DATA["stored"])
    trained = mnistspec.run(text, out=tmp_path)
    again = mnistspec.run(text, out=tmp_path, weights=trained.folder / "model.weights.h5")
    assert len(begun) == 2 and begun[1] is not None
    assert float(without_seconds(again.folder)[0]["loss"]) < float(without_seconds(trained.folder)[0]["loss"])


@pytest.mark.parametrize(
    "changes",
    [
        {"more": "deterministic: true"},
        {"fit": "epochs: 2, batch_size: 20, class_weight: balanced"},
        {"compile": "optimizer: adam, loss: sparse_categorical_crossentropy, jit_compile: false"},
        {"layers": "[Flatten, Normalization, {Dense: {units: 10, activation: softmax}}]"},
    ],
    ids=["deterministic", "weighted", "not compiled", "a layer that learns from the data"],
)
def test_elsewhere_nothing_is_begun(changes: dict[str, str], begun: list[Any], tmp_path: Path) -> None:
    run = mnistspec.run(spec_text(**{"layers": _LAYERS, "data": _DATA["stored"], **changes}), out=tmp_path)
    assert begun == [] and proven(run)


_NUMBERS = "[Flatten, {Dense: {units: 3, activation: softmax}}]"


def test_nothing_is_begun_for_examples_that_stay_on_the_disk(begun: list[Any], tmp_path: Path) -> None:
    """Their loop is another, which takes blocks of them."""
    import numpy as np

    x, y = np.arange(480).reshape(40, 3, 4).astype("uint8"), np.arange(40) % 3
    np.savez(tmp_path / "a.npz", x_train=x, y_train=y, x_test=x[:8], y_test=y[:8])
    (tmp_path / "a.yaml").write_text(
        spec_text(layers=_NUMBERS, data="source: {npz: {path: a.npz}}, hold: streamed, prepare: {x: [{rescale: 255}]}")
    )
    run = mnistspec.run(tmp_path / "a.yaml", out=tmp_path / "runs")
    assert begun == [] and record(run.folder)["jit_compile"] is True and proven(run)


_SETTER = """
import keras

class Setter(keras.callbacks.Callback):
    def set_model(self, model):
        super().set_model(model)
        for variable in model.trainable_variables:
            variable.assign(variable * 0)
"""


def test_nothing_is_begun_where_a_callback_of_the_authors_may_set_weights(begun: list[Any], tmp_path: Path) -> None:
    (tmp_path / "setting_weights.py").write_text(_SETTER)
    fit = "epochs: 1, batch_size: 20, callbacks: [{python: {object: 'setting_weights:Setter'}}]"
    (tmp_path / "a.yaml").write_text(spec_text(layers=_LAYERS, data=_DATA["stored"], fit=fit))
    assert proven(mnistspec.run(tmp_path / "a.yaml", out=tmp_path / "runs", allow_code=True)) and begun == []


def test_examples_without_room_are_refused_before_anything_is_made(
    begun: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mnistspec.diagnostics import BadData

    monkeypatch.setattr("mnistspec.memory.available_bytes", lambda: 1000)
    with pytest.raises(BadData, match="of memory"):
        mnistspec.run(spec_text(layers=_LAYERS, data=f"{_DATA['stored']}, hold: stored"), out=tmp_path)
    assert begun == []


def test_data_that_cannot_be_read_end_the_run_as_ever(begun: list[Any], tmp_path: Path) -> None:
    import numpy as np

    from mnistspec.diagnostics import BadData

    x, y = np.zeros((40, 3, 4), "uint8"), np.full(40, 7)
    np.savez(tmp_path / "a.npz", x_train=x, y_train=y, x_test=x[:8], y_test=y[:8])
    data = "source: {npz: {path: a.npz, classes: 5}}, prepare: {x: [{rescale: 255}]}"
    path = tmp_path / "a.yaml"
    path.write_text(spec_text(layers="[Flatten, {Dense: {units: 5, activation: softmax}}]", data=data))
    with pytest.raises(BadData, match="the label 7"):
        mnistspec.run(path, out=tmp_path / "runs")
    assert len(begun) == 1 and not any((tmp_path / "runs").glob("*/*"))


def test_data_of_another_form_than_was_checked_are_told(
    begun: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is replaced while the run begins: the model is made for what lay there before."""
    import numpy as np

    from mnistspec import execution
    from mnistspec.diagnostics import BadData

    def written(*shape: int) -> None:
        x, y = np.zeros((40, *shape), "uint8"), np.arange(40) % 5
        np.savez(tmp_path / "a.npz", x_train=x, y_train=y, x_test=x[:8], y_test=y[:8])

    def load(*given: Any, **named: Any) -> Any:
        written(4, 4)
        return loaded(*given, **named)

    loaded = execution.load
    monkeypatch.setattr(execution, "load", load)
    written(3, 4)
    path = tmp_path / "a.yaml"
    data = "source: {npz: {path: a.npz, classes: 5}}, prepare: {x: [{rescale: 255}]}"
    path.write_text(spec_text(layers="[Flatten, {Dense: {units: 5, activation: softmax}}]", data=data))
    with pytest.raises(BadData) as caught:
        mnistspec.run(path, out=tmp_path / "runs")
    assert str(caught.value) == (
        "the data were changed while the run began: `x` had examples of shape (3, 4), and has (4, 4); "
        "run the spec again."
    )
    assert len(begun) == 1 and begun[0] is not None and not any((tmp_path / "runs").glob("*/*"))
