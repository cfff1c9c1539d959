"""How the program ends."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn

from mnistspec.interruption import NOT_WAITED_FOR, was_told


def leave(code: int) -> NoReturn:
    """Ends the process with an exit code; after Keras without taking Python apart, which takes it most of a second.

    All that is asked for at the end is done all the same: what was printed is written out, what was registered with
    `atexit` is called, and where another thread is still at work, Python waits for it as ever, unless it was told to
    end, or the thread works for a run that is over.
    """
    at_work = [one for one in threading.enumerate() if not one.name.startswith(NOT_WAITED_FOR)]
    # Python forgets the exit code, and ends by the signal, where Ctrl-C came in the midst of certain imports.
    if not was_told() and ("keras" not in sys.modules or len(at_work) > 1):
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # what cannot be written now never can
            stream.flush()
    atexit._run_exitfuncs()
    os._exit(code)
