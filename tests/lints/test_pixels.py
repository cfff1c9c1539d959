"""Fractions given to `rescale`, which divides: what was to shrink pixels enlarges them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnistspec import check
from tests.lints.checking import codes, findings

_SPEC = """data: {{source: {source}, prepare: {{x: [{step}]}}}}
model: {{kind: sequential, layers: [Flatten, {{Dense: {{units: 10}}}}]}}
"""


@pytest.mark.parametrize(
    ("step", "help"),
    [
        ("{rescale: 0.00392}", "write `rescale: 255`"),
        ("{rescale: 0.00784}", "write `rescale: 128`"),
        ("{rescale: 0.02}", "write `rescale: 50`"),
    ],
)
def test_pixels_divided_by_a_fraction(step: str, help: str) -> None:
    (found,) = findings(_SPEC.format(source="mnist", step=step))
    assert (found.code, found.help) == ("W505", help)


def test_pixels_that_are_looked_up_are_as_they_should_be() -> None:
    layers = "[Flatten, {Embedding: {input_dim: 256, output_dim: 2}}]"
    assert codes(f"data: {{source: mnist}}\nmodel: {{kind: sequential, layers: {layers}}}") == []


def test_ids_up_to_255_are_no_pixels() -> None:
    data = "source: {imdb: {num_words: 256}}, prepare: {x: [{pad_sequences: {maxlen: 8}}]}"
    assert codes(f"data: {{{data}}}\nmodel: {{kind: sequential, layers: [{{Dense: {{units: 2}}}}]}}") == []


@pytest.mark.parametrize("step", ["{rescale: 255}", "{rescale: 127.5}", "{rescale: 255}, {rescale: 0.5}"])
def test_pixels_divided_by_what_they_reach(step: str) -> None:
    assert codes(_SPEC.format(source="mnist", step=step)) == []


@pytest.mark.parametrize(("divisor", "found"), [("0.00392", ["W505"]), ("0.001", []), ("0.01", [])])
def test_values_of_unknown_size_are_asked_about_at_the_fractions_of_pixels(
    tmp_path: Path, divisor: str, found: list[str]
) -> None:
    np.savez(tmp_path / "a.npz", x=np.zeros((4, 8), "float32"), y=np.zeros(4, "int32"))
    text = _SPEC.format(source="{npz: {path: a.npz, x_train: x, y_train: y}}", step=f"{{rescale: {divisor}}}")
    (tmp_path / "spec.yaml").write_text(f"mnistspec: 1\n{text}")
    assert [one.code for one in check(tmp_path / "spec.yaml").diagnostics] == found
