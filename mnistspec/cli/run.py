"""`mnistspec run`: from a spec to a trained and proven model."""

from __future__ import annotations

import sys
import warnings
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mnistspec.backend import BACKENDS
from mnistspec.cli.options import AllowCode, AllowEnv, Settings, one_of, valid
from mnistspec.diagnostics import UsageError
from mnistspec.running import resume as go_on
from mnistspec.running import start
from mnistspec.runs.folder import json_text
from mnistspec.runs.resuming import is_whole, require_written_spec, run_to_resume
from mnistspec.runs.run import Run

if TYPE_CHECKING:
    from mnistspec.cli.console import Console


def run(
    spec: Annotated[
        str | None, typer.Argument(metavar="SPEC", help="A spec file; - reads standard input.", show_default=False)
    ] = None,
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
    weights: Annotated[
        Path | None,
        typer.Option("--weights", help="A .weights.h5 file to begin with, instead of weights that the seed draws."),
    ] = None,
    allow_code: AllowCode = False,
    resume: Annotated[
        Path | None,
        typer.Option("--resume", metavar="RUN", help="Go on with a run that was cut off; SPEC is then its own."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Go on also where spec, data or versions are not as they were.")
    ] = False,
) -> None:
    """Build, train, evaluate and save a spec's model, load it back, and prove that it predicts the same.

    A run that was killed, interrupted or failed is taken up where its state was last saved by --resume with its folder.

    Exits with 1 when the spec is wrong, 2 when data, disk or a package is missing, 3 when the run failed.

    Example: mnistspec run specs/mnist-mlp.yaml --set fit.epochs=3
    """
    from mnistspec.cli.console import Console

    if spec is None and resume is None:
        raise UsageError("name a spec to run, or with `--resume` a run to go on with")
    if weights is not None and resume is not None:
        raise UsageError("a run goes on with its own weights: leave out `--weights`, or `--resume`")
    if backend is not None:
        one_of(backend, BACKENDS, "--backend")
    overrides = [*(settings or ()), *([f"backend={backend}"] if backend else [])]
    console = Console(quiet=quiet, stream=sys.stderr if as_json else sys.stdout)
    warnings.showwarning = lambda message, *place: console.warn(f"warning: {message}")
    command = ("mnistspec", *sys.argv[1:])
    # Some callbacks print, and standard output may be promised to one thing.
    with redirect_stdout(sys.stderr if as_json or quiet else sys.stdout):
        if resume is None:
            assert spec is not None
            result = valid(spec, overrides, allow_env=allow_env, allow_code=allow_code)
            done = start(result, out, weights=weights, narrator=console, command=command)
        else:
            done = _resumed(run_to_resume(resume, out), spec, overrides, allow_env, allow_code, force, console, command)
    console.finished(done)
    if as_json:
        typer.echo(json_text(done.record))
    elif quiet:
        typer.echo(str(done.folder))


def _resumed(
    run: Run, spec: str | None, overrides: list[str], allow_env: bool, allow_code: bool, force: bool,
    console: Console, command: tuple[str, ...],
) -> Run:  # fmt: skip
    if is_whole(run):
        console.say(f"{run.folder} is finished: there is nothing to go on with")
        if overrides:
            further = f"`mnistspec run {run.folder / 'resolved.yaml'} --weights {run.folder / 'model.weights.h5'}`"
            console.warn(f"warning: a finished run takes no settings; {further} with them trains on in a new one")
        return run
    if spec is None:
        require_written_spec(run)
    result = valid(
        spec or str(run.folder / "resolved.yaml"),
        overrides,
        allow_env=allow_env,
        allow_code=allow_code,
        quiet=spec is None,
    )
    return go_on(run, result, force=force, narrator=console, command=command)
