"""The command line as Typer sees it: help, mistakes, and every call that is not plain."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from types import FunctionType
from typing import Annotated, Any

import typer

from mnistspec.cli.declared import Argument, Option, declarations
from mnistspec.version import __version__

# Typer brings its own copy of Click, or in older versions Click itself: this is the one its errors come from.
_UsageMistake: Any = typer.BadParameter.__mro__[1]
# What Typer makes of Ctrl-C; no command of ours ends with it.
_INTERRUPTED = 130


def build(commands: Mapping[str, object]) -> typer.Typer:
    """The program with these commands: functions, or programs of their own."""
    app = typer.Typer(
        name="mnistspec",
        help="A declarative model compiler for Keras: specs in YAML are checked, built, trained and proven.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for name, command in commands.items():
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        elif isinstance(command, FunctionType):
            app.command(name)(_for_typer(command))
    return app


def call(app: typer.Typer, words: Sequence[str]) -> int:
    """Runs the program on the words of a command line; its exit code. Raises: KeyboardInterrupt."""
    try:
        code: int = app(list(words), standalone_mode=False) or 0
    except typer.Exit as done:
        code = done.exit_code
    except _UsageMistake as error:
        error.show()
        return 2
    except typer.Abort:
        code = _INTERRUPTED
    if code == _INTERRUPTED:
        raise KeyboardInterrupt
    return code


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mnistspec {__version__}")
        raise typer.Exit


def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show where in the program an error came from.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    if debug:
        os.environ["MNISTSPEC_DEBUG"] = "1"


def _for_typer(command: Callable[..., int | None]) -> Callable[..., None]:
    """The command with its declarations in Typer's words, and with its exit code in Typer's way."""

    @wraps(command)
    def called(**arguments: Any) -> None:
        code = command(**arguments)
        if code:
            raise typer.Exit(code)

    signature = inspect.signature(command, eval_str=True)
    called.__signature__ = signature.replace(parameters=[*_parameters(command, signature)])  # type: ignore[attr-defined]
    return called


def _parameters(command: Callable[..., Any], signature: inspect.Signature) -> Iterable[inspect.Parameter]:
    for name, (kind, how) in declarations(command).items():
        parameter = signature.parameters[name]
        yield parameter if how is None else parameter.replace(annotation=Annotated[kind, _in_typers_words(how)])


def _in_typers_words(how: Option | Argument) -> Any:
    if isinstance(how, Argument):
        return typer.Argument(metavar=how.metavar, help=how.help)
    return typer.Option(how.name, metavar=how.metavar, help=how.help)
