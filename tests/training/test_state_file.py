"""What is written comes back bit for bit; what is not whole is told."""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.keras


def state() -> dict[str, Any]:
    import ml_dtypes

    return {
        "variables": [np.arange(6, dtype="float32").reshape(2, 3), np.array(7, "int64"), np.zeros((0, 2), "uint32")],
        "half": np.array([1.5, -0.0, math.inf]).astype(ml_dtypes.bfloat16),
        "rows": [{"loss": 0.1 + 0.2, "val": math.nan, "none": None}],
        "flag": True,
    }


def test_all_of_it_comes_back(tmp_path: Path) -> None:
    from mnistspec.training.state_file import read_state, write_state

    write_state(tmp_path / "a.npz", state())
    found, written = read_state(tmp_path / "a.npz"), state()
    for mine, theirs in zip(
        [*found["variables"], found["half"]], [*written["variables"], written["half"]], strict=True
    ):
        assert (mine.dtype, mine.shape, mine.tobytes()) == (theirs.dtype, theirs.shape, theirs.tobytes())
    assert found["rows"][0]["loss"] == 0.1 + 0.2 and math.isnan(found["rows"][0]["val"])
    assert found["rows"][0]["none"] is None and found["flag"] is True


def test_the_same_state_is_the_same_file(tmp_path: Path) -> None:
    from mnistspec.training.state_file import write_state

    for name in ("a.npz", "b.npz"):
        write_state(tmp_path / name, state())
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize("place", [10, 300, 900, -300, -30])
def test_one_changed_byte_is_noticed_wherever_it_counts(tmp_path: Path, place: int) -> None:
    from mnistspec.training.state_file import Damaged, read_state, write_state

    path = tmp_path / "a.npz"
    write_state(path, state())
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(content)
    try:
        found = read_state(path)
    except Damaged:
        return
    assert found["half"].tobytes() == state()["half"].tobytes(), "the byte says nothing of the state"


@pytest.mark.parametrize("content", [b"", b"PK", b"\x93NUMPY", b"no archive at all"])
def test_what_is_no_state_is_told(tmp_path: Path, content: bytes) -> None:
    from mnistspec.training.state_file import Damaged, read_state

    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(Damaged) as caught:
        read_state(tmp_path / "a.npz")
    assert "pickle" not in str(caught.value)


def test_half_a_file_is_told(tmp_path: Path) -> None:
    from mnistspec.training.state_file import Damaged, read_state, write_state

    path = tmp_path / "a.npz"
    write_state(path, state())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(Damaged):
        read_state(path)


def test_one_changed_bit_in_the_table_of_contents_does_no_harm(tmp_path: Path) -> None:
    """A file that seems encrypted, say, or an array whose header Python cannot read."""
    from mnistspec.training.state_file import Damaged, read_state, write_state

    path = tmp_path / "a.npz"
    write_state(path, state())
    whole = path.read_bytes()
    for place in range(whole.index(b"PK\1\2"), len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with suppress(Damaged):
            assert read_state(path)["half"].tobytes() == state()["half"].tobytes()


def test_what_another_version_wrote_is_told_apart_from_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mnistspec.training import state_file

    with monkeypatch.context() as patched:
        patched.setattr(state_file, "FORMAT", 99)
        state_file.write_state(tmp_path / "a.npz", state())
    with pytest.raises(state_file.OtherFormat):
        state_file.read_state(tmp_path / "a.npz")
