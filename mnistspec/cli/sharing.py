"""Many specs, checked by all processors: what another process found in order needs no second look.

A process says of each of its specs only whether it is in order. Where one is not, where it could not be read, and where
the process came to an end before its last spec, the caller looks itself: so what is told is the same as with one
processor, and nothing but a yes or no has to pass from process to process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from mnistspec.diagnostics import Diagnostic, UsageError
from mnistspec.processors import cores

Diagnostics: TypeAlias = "tuple[Diagnostic, ...]"
Check: TypeAlias = "Callable[[str], Diagnostics]"

# Starting a process takes the time of two specs: one that has few to check is not worth it.
_SHARE = 12
_MOST = 8


def checked_by_all(paths: Sequence[str], check: Check, *, alone: bool = False) -> Check:
    """A check that knows already, where it can, what `check` finds in these specs; `alone` asks for this process."""
    if alone:
        return check
    # What is no file, as standard input or a pipe, can be read but once.
    files = [path for path in paths if path != "-" and Path(path).is_file()]
    shares = _shares(len(files))
    if shares == 1:
        return check
    others: list[Callable[[], list[str]]] = []
    # A machine may have no room for another process; then this one has more to do.
    with suppress(OSError):
        for index in range(1, shares):
            others.append(_elsewhere(files[index::shares], check))
    known = _found(files[::shares], check)
    for other in others:
        known.update(dict.fromkeys(other(), ()))
    return lambda path: known[path] if path in known else check(path)


def _shares(count: int) -> int:
    """How many processes are worth having, this one included."""
    if count < 2 * _SHARE or not hasattr(os, "fork"):
        return 1
    import threading

    # A copy of a program with threads may stand still for ever: of one that calls this command, or that has Keras.
    if threading.active_count() > 1 or "keras" in sys.modules:
        return 1
    return min(cores(), _MOST, count // _SHARE)


def _found(paths: Sequence[str], check: Check) -> dict[str, Diagnostics]:
    found: dict[str, Diagnostics] = {}
    for path in paths:
        with suppress(UsageError):
            found[path] = check(path)
    return found


def _elsewhere(paths: Sequence[str], check: Check) -> Callable[[], list[str]]:
    """Starts a process for these specs; the function given back waits for it, and names those that are in order."""
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if process == 0:
        try:
            os.close(reading)
            for path in paths:
                os.write(writing, b"1" if _in_order(path, check) else b"0")
        finally:
            # Nothing of the caller's is ended here: no text of its printed twice, no traceback.
            os._exit(0)
    os.close(writing)

    def in_order() -> list[str]:
        with os.fdopen(reading, "rb") as answers:
            said = answers.read()
        os.waitpid(process, 0)
        return [path for path, answer in zip(paths, said, strict=False) if answer == ord("1")]

    return in_order


def _in_order(path: str, check: Check) -> bool:
    return _found([path], check).get(path) == ()
