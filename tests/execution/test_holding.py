"""How the inputs are held changes nothing of what a run leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

import mnistspec

from .small import arrays, proven, record, spec_text, weights, without_seconds

pytestmark = pytest.mark.keras

_DATA = "source: mnist_sample, validation: 0.1, limit: {train: 200, test: 60}"
_DECODER = "[Flatten, {Dense: {units: 4}}, {Dense: {units: 784}}, {Reshape: {target_shape: [28, 28]}}]"
_SPECS = {
    "classifier": spec_text(
        data=f"{_DATA}, prepare: {{x: [{{rescale: 255}}, standardize]}}", more="deterministic: true"
    ),
    "autoencoder": spec_text(
        layers=_DECODER,
        compile="optimizer: adam, loss: mse",
        data=f"{_DATA}, targets: x, prepare: {{x: [{{rescale: 255}}]}}",
        more="deterministic: true",
    ),
}


@pytest.mark.parametrize("text", _SPECS.values(), ids=_SPECS)
def test_the_same_bits_however_the_inputs_are_held(text: str, tmp_path: Path) -> None:
    runs = [mnistspec.run(text, overrides=[f"data.hold={how}"], out=tmp_path) for how in ("prepared", "stored")]
    first, second = (run.folder for run in runs)
    assert [record(folder)["decisions"]["data.hold"]["value"] for folder in (first, second)] == ["prepared", "stored"]
    assert weights(first) == weights(second) and arrays(first) == arrays(second)
    assert without_seconds(first) == without_seconds(second)
    assert runs[0].metrics == runs[1].metrics and proven(runs[1])
    assert record(first)["data"] == record(second)["data"]
