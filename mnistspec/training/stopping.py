"""Being told to end while a model trains: heard at once, done between two steps, so that a whole state can be kept."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mnistspec.interruption import waits

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class StopRequest:
    """Whether the end has been asked for. Whoever asks twice is not made to wait."""

    def __init__(self) -> None:
        self.asked = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Takes over those signals that this program handles itself; in other threads Python has none to take."""
        taken = _handled() if threading.current_thread() is threading.main_thread() else {}

        def ask(number: int, frame: Any) -> None:
            if self.asked:
                taken[number](number, frame)
            self.asked = True

        for number in taken:
            signal.signal(number, ask)
        self.asked = self.asked or waits()
        try:
            yield
        finally:
            for number, handler in taken.items():
                signal.signal(number, handler)


def _handled() -> dict[int, Any]:
    """The signals that are neither ignored nor left to the system, with what is done about them."""
    numbers = [int(getattr(signal, name)) for name in _SIGNALS if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in numbers}
    return {number: handler for number, handler in handlers.items() if callable(handler)}
