"""The command that writes the schema, and that it needs no Keras."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mnistspec.json_schema import __main__ as command
from mnistspec.json_schema import schema_text


def test_check_tells_a_stale_file_and_writing_makes_it_fresh(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    stored = tmp_path / "mnistspec-v1.schema.json"
    stored.write_text("{}\n")
    monkeypatch.setattr(command, "schema_file", lambda: stored)
    assert command.main(["--check"]) == 1
    assert "-{}\n" in capsys.readouterr().out
    assert stored.read_text() == "{}\n"
    assert command.main([]) == 0
    assert stored.read_text("utf-8") == schema_text()
    assert command.main(["--check"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == [stored.name]


def test_it_needs_no_keras() -> None:
    code = "import sys, mnistspec.json_schema as made; made.schema_text(); sys.exit('keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
