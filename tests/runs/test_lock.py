from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mnistspec.diagnostics import UsageError
from mnistspec.runs.lock import alone_in

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no locks on folders")
_HOLDER = """
import sys
from pathlib import Path
from mnistspec.runs.lock import alone_in
with alone_in(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_is_kept_out_until_this_one_is_gone_however_it_went(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as one:
        assert one.stdout is not None and one.stdout.readline() == b"held\n"
        with pytest.raises(UsageError, match="another process is at work"), alone_in(tmp_path):
            pytest.fail("two at once")
        one.kill()
        one.wait()
    with alone_in(tmp_path):
        assert not list(tmp_path.iterdir())
