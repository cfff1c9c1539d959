from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.judging import MEGABYTES, SECONDS, complaint

_ROOT = Path(__file__).resolve().parents[2]
_CORPUS = sorted((Path(__file__).resolve().parent / "corpus").iterdir())


@pytest.mark.parametrize("path", _CORPUS, ids=lambda path: path.name)
def test_any_bytes_give_findings_soon(path: Path, tmp_path: Path) -> None:
    assert complaint(path.read_bytes(), tmp_path, 3 * SECONDS) is None


def test_any_bytes_take_little_memory() -> None:
    command = [sys.executable, "-m", "tests.fuzz.judging", *map(str, _CORPUS)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=100, cwd=_ROOT)
    assert float(done.stdout) < MEGABYTES
