"""A program that runs `mnistspec` again and again, each time in a process of its own that may kill itself.

    python killing.py FOLDER PLAN

PLAN is JSON: a list of command lines, each with the moment at which its process dies by SIGKILL: `step N` after the
N-th step, `writing N` in the midst of writing the N-th file, `evaluation N`, or null for never. Prints the exit codes,
-9 for a kill. Keras is imported once, before the processes part, which saves most of their time.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

import keras
import tensorflow  # noqa: F401, so that every process need not

from mnistspec import disk, recording
from mnistspec.cli import main
from mnistspec.training.progress import Recorder

_PLACES: dict[str, tuple[Any, str]] = {
    "step": (Recorder, "on_train_batch_end"),
    "writing": (disk, "_sync"),
    "evaluation": (keras.Model, "evaluate"),
    "end": (recording, "write_reports"),
}


def _die_at(moment: str) -> None:
    place, number = moment.split()
    owner, name = _PLACES[place]
    done, counted = getattr(owner, name), count(1)

    def counting(*arguments: Any, **named: Any) -> Any:
        if next(counted) == int(number):
            os.kill(os.getpid(), signal.SIGKILL)
        return done(*arguments, **named)

    setattr(owner, name, counting)


def _apart(work: Callable[[], None]) -> int:
    """The exit code of some work in a process of its own, or minus the signal that ended it."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            work()
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    return os.waitstatus_to_exitcode(status)


def _call(words: list[str], moment: str | None) -> None:
    if moment is not None:
        _die_at(moment)
    sys.argv = ["mnistspec", *words]
    main()


if __name__ == "__main__":
    os.chdir(sys.argv[1])
    codes = [
        _apart(lambda words=words, moment=moment: _call(words, moment)) for words, moment in json.loads(sys.argv[2])
    ]
    print(json.dumps(codes))
