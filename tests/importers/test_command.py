"""`mnistspec import` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mnistspec.cli import app
from mnistspec.diagnostics import UsageError

from .configs import given, layer, sequential


@pytest.fixture
def model(tmp_path: Path) -> Path:
    compiled = {"optimizer": "adam", "loss": "mse"}
    path = tmp_path / "net.json"
    path.write_text(
        json.dumps(sequential(given("input", None, 4), layer("Dense", "dense", units=2), compiled=compiled))
    )
    return path


def _run(*arguments: object) -> str:
    result = CliRunner().invoke(app, ["import", *map(str, arguments)])
    if result.exception is not None:
        raise result.exception
    return result.stdout


def test_the_spec_is_printed(model: Path) -> None:
    text = _run(model)
    assert text.startswith("mnistspec: 1\nname: net\n") and "compile:" in text
    assert "compile:" not in _run(model, "--no-compile")
    assert "name: mine" in _run(model, "--name", "mine")


def test_the_spec_is_written_whole_and_never_over_another(model: Path) -> None:
    out = model.with_name("spec.yaml")
    assert "mnistspec validate" in _run(model, "--out", out)
    assert out.read_text() == _run(model)
    with pytest.raises(UsageError, match=r"is there already: `--force` overwrites it"):
        _run(model, "--out", out)
    _run(model, "--out", out, "--name", "mine", "--force")
    assert "name: mine" in out.read_text()
    assert sorted(path.name for path in model.parent.iterdir()) == ["net.json", "spec.yaml"]


@pytest.mark.parametrize(
    ("name", "reason"), [("spec", "has no ending"), ("none/spec.yaml", "there is no folder `.*none` to write")]
)
def test_a_place_that_will_not_do_is_told_in_a_sentence(model: Path, name: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        _run(model, "--out", model.parent / name)


def test_weights_need_a_place_and_a_file_that_has_them(model: Path) -> None:
    with pytest.raises(UsageError, match="say where, with `--out`"):
        _run(model, "--weights")
    with pytest.raises(UsageError, match="is a config, which has no weights"):
        _run(model, "--out", model.with_name("spec.yaml"), "--weights")


def test_flat_has_an_entry_for_each_layer(tmp_path: Path) -> None:
    layers = [layer("Dense", "dense" if not turn else f"dense_{turn}", units=2) for turn in range(5)]
    (tmp_path / "net.json").write_text(json.dumps(sequential(given("input", None, 4), *layers)))
    assert _run(tmp_path / "net.json", "--flat").count("- Dense") == 5
    assert "repeat:\n        times: 5\n" in _run(tmp_path / "net.json")
