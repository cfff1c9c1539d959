from __future__ import annotations

from pathlib import Path

import pytest

from mnistspec.datasets.memory import UNKNOWN_LIMIT, available_bytes, require_memory
from mnistspec.diagnostics import BadData


def test_what_linux_reports_is_the_bound(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:  24 kB\nMemAvailable:    2048 kB\n")
    assert available_bytes(meminfo) == 2 * 2**20
    assert available_bytes(tmp_path / "none") == UNKNOWN_LIMIT


def test_too_much_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnistspec.datasets.memory.available_bytes", lambda: 2**30)
    require_memory(2**30, "x.npz")
    with pytest.raises(BadData, match=r"x\.npz needs 3\.0 GiB of memory, and 1\.0 GiB are free"):
        require_memory(3 * 2**30, "x.npz")
