"""`mnistspec export`: a spec as something that needs mnistspec no more."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from mnistspec.cli.options import AllowEnv, Settings, SpecPath, one_of, valid
from mnistspec.cli.writing import write_file
from mnistspec.diagnostics import UsageError
from mnistspec.exporters.python_source import python_source
from mnistspec.pipeline import CheckResult


def _python(result: CheckResult) -> str:
    assert result.spec is not None and result.graph is not None
    return python_source(result.plan(), result.spec, result.graph)


# Every form, what makes it, and the ending of a file of it.
_FORMS: Mapping[str, tuple[Callable[[CheckResult], str], str]] = {"python": (_python, ".py")}


def export(
    spec: SpecPath,
    to: Annotated[str, typer.Option("--to", help=f"{', '.join(_FORMS)}.")],
    settings: Settings = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file to write, or its folder; default: standard output.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it is there.")] = False,
    allow_env: AllowEnv = False,
) -> None:
    """Print a spec as a Python script that needs Keras and NumPy only: the same model, trained, saved and compared.

    Exits with 1 when the spec is wrong, 2 when the file is there already or cannot be written, or when a data file
    that decides the script is missing. Relative paths in the script start where this command is started.

    Example: mnistspec export specs/mnist-mlp.yaml --to python --out mnist_mlp.py
    """
    make, ending = _FORMS[one_of(to, tuple(_FORMS), "--to")]
    result = valid(spec, settings, allow_env=allow_env)
    text = make(result)
    if out is None:
        typer.echo(text, nl=False)
        return
    assert result.spec is not None
    file = out / f"{result.spec.name}{ending}" if out.is_dir() else out
    _write(file, text, force=force)
    typer.echo(f"{file}: written", err=True)


def _write(file: Path, text: str, *, force: bool) -> None:
    if os.path.lexists(file) and not force:
        raise UsageError(f"`{file}` is there already: `--force` overwrites it, or name another file")
    write_file(file, text)
