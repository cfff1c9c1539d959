"""Being told to end: by Ctrl-C, by the system, by a terminal that goes. All are taken alike."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from typing import Any

# How threads are named whose work is of no use to anyone once the program ends.
NOT_WAITED_FOR = "mnistspec-ahead"
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class _Told:
    """Whether the program was told to end at all, and whether that still waits for an answer."""

    ever = waiting = False


def listen() -> None:
    """From now on who tells the program to end has KeyboardInterrupt raised: what was learnt is kept."""
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        # A program started by `nohup` is to go on when its terminal goes.
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            with suppress(ValueError):  # only the main thread may take signals
                signal.signal(number, _raise)
    sys.unraisablehook = _told_later


def _told_later(lost: sys.UnraisableHookArgs) -> None:
    """Where Python can only drop an error, in what it calls while it frees memory, being told to end is not lost."""
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(lost)


def heed() -> None:
    """Raises: KeyboardInterrupt where it was raised before and lost, as libraries do while they are imported."""
    if waits():
        raise KeyboardInterrupt


def waits() -> bool:
    """Whether the program was told to end since this was last asked."""
    waiting, _Told.waiting = _Told.waiting, False
    return waiting


def was_told() -> bool:
    return _Told.ever


def _raise(number: int, frame: Any) -> None:
    _Told.ever = _Told.waiting = True
    if frame is None or frame.f_code is not _told_later.__code__:  # what is raised there is printed, and lost
        raise KeyboardInterrupt
