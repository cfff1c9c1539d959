"""The command that writes the schema, and that it needs no Keras."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mnistspec.json_schema import __main__ as command
from mnistspec.json_schema import schema_text
from tests.stale import assert_told_and_made_fresh


def test_check_tells_a_stale_file_and_writing_makes_it_fresh(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    assert_told_and_made_fresh(
        command, "schema_file", tmp_path / "mnistspec-v1.schema.json", schema_text(), monkeypatch, capsys
    )


def test_it_needs_no_keras() -> None:
    code = "import sys, mnistspec.json_schema as made; made.schema_text(); sys.exit('keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
