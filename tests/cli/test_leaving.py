"""The process ends at once after Keras, and nothing that was due at its end is lost."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
if {thread}:
    threading.Thread(target=lambda: (time.sleep(0.2), print("thread done"))).start()
sys.stdout.write("printed ")
leave(3)
"""


@pytest.mark.parametrize(
    ("keras", "thread", "printed"),
    [
        (True, False, "printed registered\n"),
        (False, False, "printed registered\ntaken apart\n"),
        (True, True, "printed thread done\nregistered\ntaken apart\n"),
    ],
)
def test_what_is_due_at_the_end_is_done(keras: bool, thread: bool, printed: str) -> None:
    program = _PROGRAM.format(keras=keras, thread=thread)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, printed, "")


def test_the_installed_program_hands_on_the_exit_code() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mnistspec", "validate", "nowhere.yaml"], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 2
