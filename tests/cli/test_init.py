"""`mnistspec init`: templates that are in order, teach, and are never written over someone's spec."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

import mnistspec
from mnistspec.cli.init import TEMPLATES, template_text


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_checks_without_a_word_and_trains_offline(name: str) -> None:
    result = mnistspec.check(template_text(name))
    assert result.ok and not result.diagnostics
    assert result.spec.data.offline == "mnist_sample" and result.spec.compile and result.spec.fit


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_teaches(name: str) -> None:
    lines = template_text(name).splitlines()
    assert lines[0].startswith("# ") and sum("#" in line for line in lines) >= len(lines) / 4
    assert max(map(len, lines)) <= 120


def test_every_template_file_is_in_the_table() -> None:
    files = {file.name for file in (resources.files("mnistspec.cli") / "templates").iterdir()}
    assert files == {f"{name}.yaml" for name in TEMPLATES}


@pytest.mark.keras
def test_every_template_builds() -> None:
    models = {name: mnistspec.build(template_text(name)) for name in TEMPLATES}
    outputs = {name: [tuple(output.shape) for output in model.outputs] for name, model in models.items()}
    assert outputs.pop("multi-output") == [(None, 10), (None, 28, 28)]
    assert set(map(tuple, outputs.values())) == {((None, 10),)}


@pytest.mark.keras
def test_the_two_outputs_of_a_template_learn_and_answer(command: Callable[..., object], tmp_path: Path) -> None:
    settings = ["data.source=mnist_sample", "data.limit.train=300", "fit.epochs=1"]
    run = mnistspec.run(template_text("multi-output"), overrides=settings, out=tmp_path)
    assert {"digit_accuracy", "picture_loss"} < run.metrics["test"].keys()
    import numpy as np

    np.save(tmp_path / "one.npy", np.zeros((28, 28), np.uint8))
    done = command("predict", run.folder, tmp_path / "one.npy")
    digit, picture = done.out.splitlines()[2:4]
    assert "digit" in digit and "%" in digit
    assert "picture" in picture and "784 values" in picture


def test_writes_a_spec_and_says_what_to_type_next(command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = command("init")
    assert done.code == 0 and (tmp_path / "spec.yaml").read_text("utf-8") == template_text("mlp")
    assert "mnistspec run spec.yaml" in done.out
    assert [file.name for file in tmp_path.iterdir()] == ["spec.yaml"]
    assert command("validate", "spec.yaml", "--strict").code == 0


def test_a_name_that_the_shell_would_split_is_quoted(command, tmp_path: Path) -> None:
    assert "'" in command("init", tmp_path / "my spec.yaml").out.splitlines()[-1]


def test_never_overwrites_unless_told_to(command, tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text("mine", "utf-8")
    done = command("init", spec)
    assert (done.code, spec.read_text("utf-8")) == (2, "mine") and "--force" in done.err
    assert command("init", tmp_path).code == 2
    assert command("init", spec, "--force", "--template", "cnn").code == 0
    assert spec.read_text("utf-8") == template_text("cnn")


def test_what_cannot_be_written_or_is_unknown_is_said(command, tmp_path: Path) -> None:
    done = command("init", tmp_path / "none" / "spec.yaml")
    assert done.code == 2 and "there is no folder" in done.err
    done = command("init", tmp_path / "a.yaml", "--template", "rnn")
    assert done.code == 2 and "multi-output" in done.err and not list(tmp_path.iterdir())
    assert all(name in command("init", "--list").out for name in TEMPLATES)


def test_help_has_an_example(command) -> None:
    assert "Example: mnistspec init" in command("init", "--help").out
