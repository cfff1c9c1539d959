"""`mnistspec export`: every form on standard output and in a file, and Keras' config to the letter."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SPEC = """mnistspec: 1
name: shown
seed: 3
model:
  kind: functional
  inputs: {x: [4]}
  layers:
    - Dense: {units: 3, activation: relu, name: hidden}
    - Dropout: {rate: 0.5}
    - Dense: {units: 2, kernel_regularizer: {L2: {l2: 0.01}}, name: y}
compile: {optimizer: {SGD: {momentum: 0.9}}, loss: mse, metrics: [mae]}
"""
BEGINNINGS = {"svg": "<?xml", "mermaid": "---\ntitle:", "dot": 'digraph "shown"', "python": '"""'}
ENDINGS = {"svg": ".svg", "mermaid": ".mmd", "dot": ".dot", "python": ".py"}


@pytest.fixture(autouse=True)
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("spec.yaml").write_text(SPEC)


@pytest.mark.parametrize("form", BEGINNINGS)
def test_on_standard_output_and_in_a_file_named_after_the_spec(form: str, command: Callable[..., Any]) -> None:
    printed = command("export", "spec.yaml", "--to", form)
    written = command("export", "spec.yaml", "--to", form, "--out", ".")
    assert (printed.code, written.code, written.out) == (0, 0, "")
    assert printed.out.startswith(BEGINNINGS[form])
    assert Path(f"shown{ENDINGS[form]}").read_text(encoding="utf-8") == printed.out


def test_a_file_that_is_there_is_kept_unless_forced(command: Callable[..., Any]) -> None:
    Path("model.svg").write_text("mine")
    kept = command("export", "spec.yaml", "--to", "svg", "-o", "model.svg")
    assert kept.code == 2 and "`--force`" in kept.err and Path("model.svg").read_text() == "mine"
    assert command("export", "spec.yaml", "--to", "svg", "-o", "model.svg", "--force").code == 0
    assert "<svg" in Path("model.svg").read_text()


def test_settings_are_drawn(command: Callable[..., Any]) -> None:
    assert "seen" in command("export", "spec.yaml", "--to", "dot", "--set", "name=seen").out


def test_an_unknown_form_names_the_known_ones(command: Callable[..., Any]) -> None:
    done = command("export", "spec.yaml", "--to", "png")
    assert done.code == 2
    assert done.err.strip() == ("error: `--to png` is unknown; there are python, svg, mermaid, dot, json")


def test_a_wrong_spec_is_not_drawn(command: Callable[..., Any]) -> None:
    Path("spec.yaml").write_text(SPEC.replace("units: 3", "unit: 3"))
    done = command("export", "spec.yaml", "--to", "svg")
    assert (done.code, done.out) == (1, "") and "E206" in done.err


def test_a_model_too_tangled_to_be_drawn_is_told_with_a_way_out(command: Callable[..., Any]) -> None:
    layers = "".join(f"    - Dense: {{units: 1, name: d{i}}}\n" for i in range(800))
    names = ", ".join(f"d{i}" for i in range(800))
    head = "mnistspec: 1\nmodel:\n  kind: functional\n  inputs: {x: [1]}\n  layers:\n"
    Path("spec.yaml").write_text(f"{head}{layers}    - Add: {{from: [{names}]}}\n")
    done = command("export", "spec.yaml", "--to", "svg")
    assert (done.code, done.out) == (2, "")
    assert "`--to dot` or `--to mermaid`" in done.err
    assert command("export", "spec.yaml", "--to", "dot").code == 0


@pytest.mark.keras
def test_json_is_what_keras_says_of_the_model_and_keras_reads_it(command: Callable[..., Any]) -> None:
    import keras

    import mnistspec

    keras.utils.clear_session()
    wanted = mnistspec.build("spec.yaml").to_json()
    keras.utils.clear_session()
    done = command("export", "spec.yaml", "--to", "json")
    assert (done.code, done.out) == (0, wanted)
    model = keras.models.model_from_json(done.out)
    assert json.loads(model.to_json()) == json.loads(wanted)
    assert [layer.name for layer in model.layers] == ["x", "hidden", "dropout", "y"]
    assert model.optimizer.momentum == 0.9
