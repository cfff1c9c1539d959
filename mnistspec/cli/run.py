"""`mnistspec run`: from a spec to a trained and proven model."""

from __future__ import annotations

import signal
import sys
import warnings
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated, Any

import typer

from mnistspec.cli.options import AllowEnv, Settings, SpecPath, valid
from mnistspec.running import start
from mnistspec.runs.folder import json_text


def run(
    spec: SpecPath,
    settings: Settings = None,
    out: Annotated[Path, typer.Option("--out", help="The folder under which the run's own folder is made.")] = Path(
        "runs"
    ),
    backend: Annotated[str | None, typer.Option("--backend", help="tensorflow, jax or torch.")] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing but warnings, errors and where the run lies.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print run.json on standard output, all else on error.")
    ] = False,
    allow_env: AllowEnv = False,
) -> None:
    """Build, train, evaluate and save a spec's model, load it back, and prove that it predicts the same.

    Exits with 1 when the spec is wrong, 2 when data, disk or a package is missing, 3 when the run failed.

    Example: mnistspec run specs/mnist-mlp.yaml --set fit.epochs=3
    """
    from mnistspec.cli.console import Console

    overrides = [*(settings or ()), *([f"backend={backend}"] if backend else [])]
    result = valid(spec, overrides, allow_env=allow_env)
    assert result.spec is not None
    console = Console(quiet=quiet, stream=sys.stderr if as_json else sys.stdout)
    signal.signal(signal.SIGTERM, _stop)
    warnings.showwarning = lambda message, *place: console.warn(f"warning: {message}")
    # Some callbacks print, and standard output may be promised to one thing.
    with redirect_stdout(sys.stderr if as_json or quiet else sys.stdout):
        done = start(result, out, narrator=console, command=("mnistspec", *sys.argv[1:]))
    console.finished(done)
    if as_json:
        typer.echo(json_text(done.record))
    elif quiet:
        typer.echo(str(done.folder))


def _stop(number: int, frame: Any) -> None:
    """Being told to end is taken as Ctrl-C: what was learnt is kept."""
    raise KeyboardInterrupt
