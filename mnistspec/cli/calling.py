"""Calling a command: one line a command here, one file a command beside; errors end in a sentence and an exit code."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

from mnistspec.cli.declared import plain_arguments
from mnistspec.cli.options import show_diagnostics, tell
from mnistspec.collecting import without_collecting
from mnistspec.diagnostics import MnistspecError, SpecInvalid

if TYPE_CHECKING:
    import typer

# Every command by its name, in the order of the help, and where it is: a module of this folder and a name in it.
COMMANDS: Mapping[str, str] = {
    "run": "run:run",
    "validate": "validate:validate",
    "explain": "explain:explain",
    "show": "show:show",
    "resolve": "resolve:resolve",
    "fmt": "fmt:fmt",
    "diff": "diff:diff",
    "evaluate": "evaluate:evaluate",
    "verify": "verify:verify",
    "predict": "predict:predict",
    "export": "export:export",
    "init": "init:init",
    "doctor": "doctor:doctor",
    "schema": "schema:schema",
    "import": "import_:import_",
    "data": "data:data_app",
}

# What writing to a stream fails with, which has no name: a full disk, a quota, a device that is gone, a closed stream.
_STREAM_FAILS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF)


def call(words: Sequence[str]) -> int:
    """Runs the command line and returns its exit code; errors end in a sentence.

    0 clean, 1 the spec is wrong, 2 the command or the environment, 3 the run. Raises: KeyboardInterrupt.
    """
    _open_closed_streams()
    try:
        return _call(words)
    except SpecInvalid as error:
        show_diagnostics(error.diagnostics)
        return error.exit_code
    except MnistspecError as error:
        if os.environ.get("MNISTSPEC_DEBUG"):
            raise
        tell(f"error: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read the output has gone; nothing more can be said there.
        sys.stdout = _nowhere()
        return 2
    except OSError as error:
        if error.filename is not None or error.errno not in _STREAM_FAILS:
            raise
        sys.stdout = _nowhere()
        with suppress(OSError):
            tell(f"error: standard output could not be written: {error.strerror}", err=True)
        return 2


def _open_closed_streams() -> None:
    """Whoever starts the program may have closed them; Python has None then, which cannot be written to."""
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()


def _nowhere() -> TextIO:
    return open(os.devnull, "w")  # noqa: PTH123


def _call(words: Sequence[str]) -> int:
    """The exit code of a call; only the module of the command called is imported, and Typer only where it is needed."""
    named = words[0] if words and words[0] in COMMANDS else None
    if named is not None:
        command = _imported(named)
        arguments = plain_arguments(command, words[1:])
        if arguments is not None and callable(command):
            with without_collecting():
                try:
                    return command(**arguments) or 0
                finally:
                    # Of all that is alive at its end the collector would find nothing to take away either.
                    gc.freeze()
    from mnistspec.cli import typer_app

    return typer_app.call(typer_app.build({named: _imported(named)}) if named else whole(), words)


def _imported(name: str) -> object:
    module, _, attribute = COMMANDS[name].partition(":")
    return getattr(import_module(f"mnistspec.cli.{module}"), attribute)


@cache
def whole() -> typer.Typer:
    """The whole program as Typer sees it, which a call of one command must not wait for."""
    from mnistspec.cli import typer_app

    return typer_app.build({name: _imported(name) for name in COMMANDS})
