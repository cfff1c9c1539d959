"""`mnistspec schema`: its text, its place, and what it says of a spec."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mnistspec.cli import app
from mnistspec.diagnostics import UsageError
from mnistspec.json_schema import schema_file

GOOD = "mnistspec: 1\nmodel:\n  kind: sequential\n  layers:\n    - Dense: {units: 10}\n"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "spec.yaml"
    path.write_text(GOOD)
    return path


def test_it_prints_the_published_schema() -> None:
    result = CliRunner().invoke(app, ["schema"])
    assert result.exit_code == 0
    assert json.loads(result.output) == json.loads(schema_file().read_text("utf-8"))


def test_it_says_where_the_schema_lies() -> None:
    result = CliRunner().invoke(app, ["schema", "--path"])
    assert Path(result.output.strip()) == schema_file()


def test_a_good_spec_passes_in_silence(spec: Path) -> None:
    result = CliRunner().invoke(app, ["schema", str(spec)])
    assert (result.exit_code, result.output) == (0, "")


def test_a_mistake_is_told_with_its_place(spec: Path) -> None:
    spec.write_text(GOOD.replace("units", "unist"))
    result = CliRunner().invoke(app, ["schema", str(spec)])
    assert result.exit_code == 1
    assert f"{spec}: $.model.layers[0].Dense: " in result.output
    assert "'unist' was unexpected" in result.output


def test_what_is_no_yaml_is_left_to_validate(spec: Path) -> None:
    spec.write_text("model: [")
    result = CliRunner().invoke(app, ["schema", str(spec)])
    assert isinstance(result.exception, UsageError)
    assert "mnistspec validate" in str(result.exception)
