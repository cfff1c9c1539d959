from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnistspec import build, check, run
from mnistspec.spec import CompileSpec

_TWO = """mnistspec: 1
data: {{source: {{npz: {{path: arrays.npz}}}}}}
model: {{kind: functional, inputs: {{a: [4]}}, layers: [Dense: {{units: 3, activation: softmax, name: first}},
  Dense: {{units: 3, activation: softmax, from: a, name: second}}], outputs: {outputs}}}
compile: {{loss: sparse_categorical_crossentropy{compile}}}
fit: {{epochs: 1, batch_size: 8}}
"""
_METRICS = ", metrics: [accuracy, {SparseTopKCategoricalAccuracy: {k: 2, name: top}}]"
_WEIGHTS = ", loss_weights: {first: 1.0, second: 0.5}"


def _settings(compile: str, outputs: str = "[first, second]") -> CompileSpec:
    result = check(_TWO.format(compile=compile, outputs=outputs))
    assert result.ok and result.spec is not None and result.spec.compile is not None, result.diagnostics
    return result.spec.compile


def test_a_list_of_metrics_is_for_every_one_of_several_outputs() -> None:
    metrics = _settings(", metrics: [accuracy], weighted_metrics: [accuracy]")
    assert list(metrics.metrics) == list(metrics.weighted_metrics) == ["first", "second"]
    assert metrics.metrics["first"] == metrics.metrics["second"] != ()


def test_a_loss_is_spelt_for_each_output_only_where_weights_are() -> None:
    assert list(_settings(_WEIGHTS).loss) == ["first", "second"]
    assert not isinstance(_settings("").loss, dict)


def test_one_output_keeps_its_list_of_metrics() -> None:
    assert isinstance(_settings(", metrics: [accuracy]", "[second]").metrics, tuple)


@pytest.mark.keras
@pytest.mark.parametrize(
    ("outputs", "compile", "measured"),
    [
        ("[first, second]", _METRICS, ["loss", "accuracy", "top"]),
        ("[first, second]", _WEIGHTS, ["loss"]),
        ("[second]", ", loss_weights: {second: 0.5}", []),
    ],
)
def test_a_run_learns_and_measures_by_it(tmp_path: Path, outputs: str, compile: str, measured: list[str]) -> None:
    arrays = {"x_train": np.eye(4, dtype="float32")[[0, 1, 2, 3] * 4], "y_train": np.arange(16) % 3}
    np.savez(tmp_path / "arrays.npz", **arrays)
    (tmp_path / "spec.yaml").write_text(_TWO.format(outputs=outputs, compile=compile))
    done = run(tmp_path / "spec.yaml", out=tmp_path / "runs")
    assert set(done.metrics["train"]) == {
        "loss",
        *(f"{name}_{what}" for name in ("first", "second") for what in measured),
    }
    weighed = build(tmp_path / "spec.yaml").get_compile_config()["loss_weights"]
    if weighed and measured:
        train = done.metrics["train"]
        assert train["loss"] == pytest.approx(train["first_loss"] + 0.5 * train["second_loss"], rel=1e-5)
