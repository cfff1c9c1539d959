"""The command line: one command a file, one line a command here; errors end in a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer

from mnistspec.cli.data import data_app
from mnistspec.cli.doctor import doctor
from mnistspec.cli.evaluate import evaluate
from mnistspec.cli.explain import explain
from mnistspec.cli.export import export
from mnistspec.cli.import_ import import_
from mnistspec.cli.init import init
from mnistspec.cli.options import show_diagnostics
from mnistspec.cli.predict import predict
from mnistspec.cli.resolve import resolve
from mnistspec.cli.run import run
from mnistspec.cli.schema import schema
from mnistspec.cli.show import show
from mnistspec.cli.validate import validate
from mnistspec.diagnostics import MnistspecError, SpecInvalid
from mnistspec.version import __version__

app = typer.Typer(
    name="mnistspec",
    help="A declarative model compiler for Keras: specs in YAML are checked, built, trained and proven.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (run, validate, explain, show, resolve, evaluate, predict, export, init, doctor, schema):
    app.command()(command)
app.command("import")(import_)
app.add_typer(data_app, name="data")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mnistspec {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show where in the program an error came from.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    if debug:
        os.environ["MNISTSPEC_DEBUG"] = "1"


# Typer brings its own copy of Click, or in older versions Click itself: this is the one its errors come from.
_UsageMistake: Any = typer.BadParameter.__mro__[1]


def main() -> None:
    """Runs the command line and exits: 0 clean, 1 the spec is wrong, 2 the command or the environment, 3 the run."""
    try:
        code = app(standalone_mode=False)
    except typer.Exit as done:
        code = done.exit_code
    except _UsageMistake as error:
        error.show()
        code = 2
    except typer.Abort:
        code = 3
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


def _complain(sentence: str) -> None:
    typer.echo(f"error: {sentence}", err=True)
