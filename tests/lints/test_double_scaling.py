"""Pixels scaled twice, and layers that only look like it."""

from __future__ import annotations

import pytest

from tests.lints.checking import codes

_SPEC = """data: {{source: mnist, prepare: {{x: [{steps}]}}}}
model: {{kind: sequential, layers: [{layers}, Flatten, {{Dense: {{units: 10}}}}]}}
"""


@pytest.mark.parametrize(
    ("steps", "layers", "found"),
    [
        ("{rescale: 255}", "Rescaling: {scale: 0.00392}", ["W509"]),
        ("{rescale: 255}", "Flatten, Rescaling: {scale: 0.00784, offset: -1}", ["W509"]),
        ("standardize", "Rescaling: {scale: 0.00392}", ["W509"]),
        ("normalize", "Rescaling: {scale: 0.00392}", ["W509"]),
        ("{rescale: 255}", "Rescaling: {scale: 2.0, offset: -1}", []),
        ("{reshape: [784]}", "Rescaling: {scale: 0.00392}", []),
        ("{rescale: 2}", "Rescaling: {scale: 0.00784}", []),
        ("{rescale: 255}", "Dense: {units: 3}, Rescaling: {scale: 0.01}", []),
        ("{rescale: 255}", "BatchNormalization", []),
    ],
)
def test_steps_and_layers_that_scale(steps: str, layers: str, found: list[str]) -> None:
    assert codes(_SPEC.format(steps=steps, layers=layers)) == found


def test_steps_of_another_array_do_not_count() -> None:
    data = "data: {source: mnist, prepare: {x: {x: [{reshape: [784]}]}, y: [one_hot, {rescale: 1}]}}"
    model = "model: {kind: sequential, layers: [{Rescaling: {scale: 0.00392}}, {Dense: {units: 10}}]}"
    assert codes(f"{data}\n{model}") == []
