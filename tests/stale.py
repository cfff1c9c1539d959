"""What the commands that write a file of the project anew have in common."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def assert_told_and_made_fresh(
    command: ModuleType, file: str, stored: Path, text: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """`--check` tells what is stale and changes nothing; without it the file, which `file` of the module names, is made
    fresh, and nothing is left beside it.
    """
    stored.write_text("# Old\n")
    monkeypatch.setattr(command, file, lambda: stored)
    assert command.main(["--check"]) == 1
    assert "-# Old\n" in capsys.readouterr().out
    assert stored.read_text() == "# Old\n"
    assert command.main([]) == 0
    assert stored.read_text("utf-8") == text
    assert command.main(["--check"]) == 0
    assert [path.name for path in stored.parent.iterdir()] == [stored.name]
