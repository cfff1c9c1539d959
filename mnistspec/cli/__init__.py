"""The command line: one command a file, one line a command here; errors end in a sentence and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from mnistspec.cli.declared import plain_arguments
from mnistspec.cli.options import show_diagnostics, tell
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


def main() -> None:
    """Runs the command line and exits: 0 clean, 1 the spec is wrong, 2 the command or the environment, 3 the run."""
    try:
        code = _call(sys.argv[1:])
    except SpecInvalid as error:
        show_diagnostics(error.diagnostics)
        code = error.exit_code
    except MnistspecError as error:
        if os.environ.get("MNISTSPEC_DEBUG"):
            raise
        _complain(str(error))
        code = error.exit_code
    except KeyboardInterrupt:
        _complain("interrupted")
        code = 3
    except BrokenPipeError:
        # Whoever read the output has gone; nothing more can be said there.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123
        code = 2
    sys.exit(code)


def _call(words: Sequence[str]) -> int:
    """The exit code of a call; only the module of the command called is imported, and Typer only where it is needed."""
    named = words[0] if words and words[0] in COMMANDS else None
    if named is not None:
        command = _imported(named)
        arguments = plain_arguments(command, words[1:])
        if arguments is not None and callable(command):
            with _without_collecting():
                return command(**arguments) or 0
    from mnistspec.cli import typer_app

    return typer_app.call(typer_app.build({named: _imported(named)}) if named else _whole(), words)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Python's cycle collector would find nothing, neither during the call nor, in all that is alive, at its end."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


def _imported(name: str) -> object:
    module, _, attribute = COMMANDS[name].partition(":")
    return getattr(import_module(f"mnistspec.cli.{module}"), attribute)


@cache
def _whole() -> typer.Typer:
    from mnistspec.cli import typer_app

    return typer_app.build({name: _imported(name) for name in COMMANDS})


def _complain(sentence: str) -> None:
    tell(f"error: {sentence}", err=True)


def __getattr__(name: str) -> object:
    # The whole program as Typer sees it needs Typer and every command, which a call of one command must not wait for.
    if name == "app":
        return _whole()
    raise AttributeError(f"module 'mnistspec.cli' has no attribute '{name}'")
