"""Room on the disk is looked for before anything is written."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from mnistspec.disk import require_room


def test_there_is_room(tmp_path: Path) -> None:
    require_room(tmp_path, 10_000)


def test_there_is_no_room(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left") as caught:
        require_room(tmp_path, shutil.disk_usage(tmp_path).total + 1)
    assert caught.value.errno == errno.ENOSPC
