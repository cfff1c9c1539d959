"""What a run needs and a check does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mnistspec import SpecInvalid, check
from mnistspec.completeness import complete

_DATA = "data: {source: mnist_sample, prepare: {x: [{rescale: 255}]}}\n"
_MODEL = "model: {kind: sequential, layers: [Flatten, {Dense: {units: 10, activation: softmax}}]}\n"
_COMPILE = "compile: {loss: sparse_categorical_crossentropy}\n"


@pytest.mark.parametrize(
    ("sections", "named"),
    [
        (_DATA, "`compile:` and `fit:`"),
        (_DATA + _COMPILE, "`fit:`"),
        (_DATA + "fit: {}\n", "`compile:`"),
    ],
)
def test_the_missing_sections_are_named(sections: str, named: str) -> None:
    result = check(f"mnistspec: 1\n{_MODEL}{sections}")
    assert result.ok and result.spec is not None, result.diagnostics
    with pytest.raises(SpecInvalid, match="E415") as refused:
        complete(result.spec)
    assert f"needs {named}" in str(refused.value)
    assert refused.value.exit_code == 1


def test_a_spec_with_all_three_is_complete() -> None:
    result = check(f"mnistspec: 1\n{_MODEL}{_DATA}{_COMPILE}fit: {{}}\n")
    assert result.spec is not None
    complete(result.spec)


def test_run_refuses_it_before_keras_is_imported(command: Callable[..., Any], tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(f"mnistspec: 1\n{_MODEL}{_DATA}")
    done = command("run", spec, "--out", tmp_path / "runs")
    assert done.code == 1
    assert "E415" in done.err
    assert not (tmp_path / "runs").exists()
