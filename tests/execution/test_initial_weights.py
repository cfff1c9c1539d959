"""Runs that begin with weights from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

import mnistspec
from mnistspec.diagnostics import UsageError

from .small import history, proven, spec_text

pytestmark = pytest.mark.keras


def _weights(tmp_path: Path, units: int) -> Path:
    text = spec_text(layers=f"[Flatten, {{Dense: {{units: {units}}}}}, {{Dense: {{units: 10, activation: softmax}}}}]")
    path = tmp_path / f"{units}.weights.h5"
    mnistspec.build(text, overrides=["seed=99"]).save_weights(path)
    return path


def test_a_run_begins_with_the_weights_that_it_is_given(tmp_path: Path) -> None:
    text = spec_text(layers="[Flatten, {Dense: {units: 4}}, {Dense: {units: 10, activation: softmax}}]")
    run = mnistspec.run(text, out=tmp_path / "runs", weights=_weights(tmp_path, 4))
    as_drawn = mnistspec.run(text, overrides=["seed=99"], out=tmp_path / "others")
    own = mnistspec.run(text, out=tmp_path / "own")
    assert proven(run)
    assert run.record["initial_weights"]["sha256"] == run.record["artifacts"]["initial.weights.h5"]["sha256"]
    first = [history(one.folder)[0]["loss"] for one in (run, as_drawn, own)]
    assert len(set(first)) == 3, "the seed still decides the order of the examples"
    assert "initial_weights" not in own.record


def test_weights_of_another_model_are_told_and_leave_no_folder(tmp_path: Path) -> None:
    text = spec_text(layers="[Flatten, {Dense: {units: 4}}, {Dense: {units: 10, activation: softmax}}]")
    weights = _weights(tmp_path, 5)
    with pytest.raises(UsageError, match=r"5\.weights\.h5` has not the weights of this model"):
        mnistspec.run(text, out=tmp_path / "runs", weights=weights)
    with pytest.raises(UsageError, match="there is no file"):
        mnistspec.run(text, out=tmp_path / "runs", weights=tmp_path / "none.weights.h5")
    assert not list((tmp_path / "runs").rglob("*.*"))
