from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from mnistspec import interruption

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no such signals on Windows")
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def listening() -> Iterator[None]:
    before, hook = {number: signal.getsignal(number) for number in _SIGNALS}, sys.unraisablehook
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        interruption.listen()
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.unraisablehook = hook
        interruption._Told.ever = interruption._Told.waiting = False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_being_told_to_end_is_raised_and_raised_again_where_it_was_lost(listening: None, number: int) -> None:
    interruption.heed()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)
    assert interruption.was_told()
    with pytest.raises(KeyboardInterrupt):
        interruption.heed()
    interruption.heed()
    assert interruption.was_told()


def test_a_program_that_is_to_outlive_its_terminal_does(listening: None) -> None:
    signal.raise_signal(signal.SIGHUP)
    assert not interruption.was_told()


def test_being_told_again_while_that_is_dropped_is_noted_alone(listening: None) -> None:
    hook = SimpleNamespace(f_code=interruption._told_later.__code__)
    interruption._raise(signal.SIGINT, hook)
    assert interruption.was_told()
    with pytest.raises(KeyboardInterrupt):
        interruption.heed()


def test_what_python_can_only_drop_is_not_shown(listening: None, capsys: pytest.CaptureFixture[str]) -> None:
    class Freed:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    freed = Freed()
    del freed
    assert capsys.readouterr().err == ""
    with pytest.raises(KeyboardInterrupt):
        interruption.heed()


# What a command does when the signal comes: in the midst of `exec`, after which Python would end by the signal itself.
_PROGRAM = """
import os, signal, threading, time
from mnistspec.cli import calling, program
calling.call = lambda words: exec("{work}")
program()
"""


@pytest.mark.parametrize(
    "work",
    [
        "os.kill(os.getpid(), signal.SIGINT); time.sleep(9)",
        "os.kill(os.getpid(), signal.SIGTERM); time.sleep(9)",
        "os.kill(os.getpid(), signal.SIGHUP); time.sleep(9)",
        "threading.Thread(target=lambda: time.sleep(9)).start(); os.kill(os.getpid(), signal.SIGTERM); time.sleep(9)",
    ],
)
def test_the_program_ends_in_a_sentence_from_its_first_moment_on(work: str) -> None:
    command = [sys.executable, "-c", _PROGRAM.format(work=work)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=8, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "error: interrupted\n")
