from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from mnistspec.datasets.sources import mnist_sample
from mnistspec.diagnostics import DataUnavailable

from ..making import counts, loaded

SHA256 = "d971a4c9ccf215cbc332194a633fcd95f06083e31a3c55fd876f481af3ee0faf"


def test_the_packaged_file_is_the_one_described_beside_it() -> None:
    assert hashlib.sha256(mnist_sample.PATH.read_bytes()).hexdigest() == SHA256 == mnist_sample.SHA256
    assert SHA256 in mnist_sample.PATH.with_suffix(".md").read_text("utf-8")
    assert "New BSD License" in mnist_sample.PATH.with_name("LICENSE.mnist_sample").read_text("utf-8")


def test_it_holds_balanced_digits_in_every_prefix(tmp_path: Path) -> None:
    data = loaded("source: mnist_sample", tmp_path)
    assert (data.origin, data.train.size, data.test.size) == ("mnist_sample", 4000, 1000)
    assert data.train.y["y"][:20].tolist() == [*range(10), *range(10)]
    assert counts(data.train.y["y"]) == dict.fromkeys(range(10), 400)
    assert counts(data.test.y["y"]) == dict.fromkeys(range(10), 100)
    assert data.train.x["x"].dtype == np.uint8 and data.train.x["x"].max() == 255


def test_a_damaged_installation_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.npz").write_bytes(mnist_sample.PATH.read_bytes()[:-1])
    monkeypatch.setattr(mnist_sample, "PATH", tmp_path / "a.npz")
    with pytest.raises(DataUnavailable, match="missing or damaged: install mnistspec anew"):
        loaded("source: mnist_sample", tmp_path)
