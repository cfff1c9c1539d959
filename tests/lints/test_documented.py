"""Every warning and note is named where users look it up."""

from __future__ import annotations

from pathlib import Path

import mnistspec
from mnistspec.diagnostics import CODES

_ROOT = Path(mnistspec.__file__).parent.parent


def test_the_page_of_warnings_names_each_once() -> None:
    lines = (_ROOT / "docs" / "warnings.md").read_text("utf-8").splitlines()
    told = [tuple(cell.strip().strip("`") for cell in line.split("|")[1:3]) for line in lines if line.startswith("| `")]
    assert told == [(name, code) for code, (name, _) in CODES.items() if not code.startswith("E")]
