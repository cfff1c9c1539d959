"""`mnistspec export`: a spec as something that needs mnistspec no more; only what is asked for is imported."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from mnistspec.cli.extras import run_half
from mnistspec.cli.options import AllowCode, AllowEnv, Settings, SpecPath, one_of, valid
from mnistspec.cli.writing import write_file
from mnistspec.diagnostics import UsageError
from mnistspec.pipeline import CheckResult


def _python(result: CheckResult) -> str:
    from mnistspec.exporters.python_source import python_source
    from mnistspec.resolve.variables import variables_of

    assert result.spec is not None and result.graph is not None and result.written is not None
    return python_source(result.plan(), result.spec, result.graph, variables_of(result.written))


def _svg(result: CheckResult) -> str:
    from mnistspec.exporters.diagram.of_graph import diagram_of
    from mnistspec.exporters.diagram.svg import svg

    assert result.graph is not None
    return svg(diagram_of(result.graph))


def _mermaid(result: CheckResult) -> str:
    from mnistspec.exporters.diagram.mermaid import mermaid
    from mnistspec.exporters.diagram.of_graph import diagram_of

    assert result.graph is not None
    return mermaid(diagram_of(result.graph))


def _dot(result: CheckResult) -> str:
    from mnistspec.exporters.diagram.dot import dot
    from mnistspec.exporters.diagram.of_graph import diagram_of

    assert result.graph is not None
    return dot(diagram_of(result.graph))


def _json(result: CheckResult) -> str:
    """Keras' own configuration of the model, to the letter; the one form that needs Keras."""
    from mnistspec.backend import import_keras

    assert result.spec is not None
    with run_half():
        import_keras(result.spec.backend)
        from mnistspec.exporters.keras_model import build_model
    return str(build_model(result.plan()).to_json())


# Every form, what makes it, and the ending of a file of it.
_FORMS: Mapping[str, tuple[Callable[[CheckResult], str], str]] = {
    "python": (_python, ".py"),
    "svg": (_svg, ".svg"),
    "mermaid": (_mermaid, ".mmd"),
    "dot": (_dot, ".dot"),
    "json": (_json, ".json"),
}


def export(
    spec: SpecPath,
    to: Annotated[str, typer.Option("--to", help=f"{', '.join(_FORMS)}.")],
    settings: Settings = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file to write, or its folder; default: standard output.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it is there.")] = False,
    allow_env: AllowEnv = False,
    allow_code: AllowCode = False,
) -> None:
    """Print a spec as something that needs mnistspec no more: a script, a drawing of the model, or Keras' config.

    `python` is a script that needs Keras and NumPy only: the same model, trained, saved and compared. Relative paths
    in it start where this command is started. `svg` is a drawing that needs no other program, `mermaid` one for
    Markdown, `dot` one for Graphviz. `json` is what `model.to_json()` gives, and the one form that needs Keras.

    Exits with 1 when the spec is wrong, 2 when the file is there already or cannot be written, when a data file that
    decides the script is missing, or when a model is too tangled to be drawn.

    Example: mnistspec export specs/mnist-mlp.yaml --to python --out mnist_mlp.py

    Example: mnistspec export specs/mnist-resnet.yaml --to svg --out resnet.svg
    """
    make, ending = _FORMS[one_of(to, tuple(_FORMS), "--to")]
    result = valid(spec, settings, allow_env=allow_env, allow_code=allow_code)
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
