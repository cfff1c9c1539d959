"""The process ends at once after Keras, and nothing that was due at its end is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

_SPEC = "mnistspec: 1\nmodel: {kind: sequential, input: [2], layers: [{Dense: {units: 1}}]}\n"
_PROGRAM = """
import atexit, sys, threading, time, types
from mnistspec.cli.leaving import leave

class Held:
    def __del__(self):
        print("taken apart")

held = Held()
if {keras}:
    sys.modules["keras"] = types.ModuleType("keras")
atexit.register(print, "registered")
if {thread!r}:
    threading.Thread(target=lambda: (time.sleep(0.2), print("thread done")), name={thread!r}).start()
sys.stdout.write("printed ")
leave(3)
"""


@pytest.mark.parametrize(
    ("keras", "thread", "printed"),
    [
        (True, "", "printed registered\n"),
        (False, "", "printed registered\ntaken apart\n"),
        (True, "any", "printed thread done\nregistered\ntaken apart\n"),
        (True, "mnistspec-ahead_0", "printed registered\n"),
    ],
)
def test_what_is_due_at_the_end_is_done(keras: bool, thread: str, printed: str) -> None:
    program = _PROGRAM.format(keras=keras, thread=thread)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, printed, "")


def test_the_installed_program_hands_on_the_exit_code() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mnistspec", "validate", "nowhere.yaml"], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 2


full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")


@full
@pytest.mark.parametrize("words", ["validate --format json spec.yaml", "show spec.yaml", "--help", "explain E412"])
def test_output_that_cannot_be_written_is_told_in_a_sentence(words: str, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(_SPEC)
    with Path("/dev/full").open("w") as disk:
        done = _program(words, tmp_path, stdout=disk)
    told = "error: standard output could not be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, told)


@pytest.mark.skipif(os.name == "nt", reason="streams are closed otherwise on Windows")
@pytest.mark.parametrize("words", ["validate --format json spec.yaml", "show spec.yaml", "explain E412"])
def test_closed_streams_are_done_without(words: str, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(_SPEC)
    command = ["sh", "-c", f'"$0" -m mnistspec {words} >&- 2>&-', sys.executable]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    assert subprocess.run(command, cwd=tmp_path, env=environment, timeout=60, check=False).returncode == 0


def _program(words: str, folder: Path, stdout: IO[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mnistspec", *words.split()]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(
        command, cwd=folder, env=environment, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=60, check=False
    )
