"""`mnistspec init`: a commented spec to start from."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from mnistspec.cli.options import one_of
from mnistspec.cli.tables import Column, table
from mnistspec.diagnostics import OutputFailed, UsageError

# Every template, a file of that name in `templates`, and what it shows.
TEMPLATES: Mapping[str, str] = {
    "mlp": "a sequential network of dense layers",
    "cnn": "a sequential network of convolutions, stopped early",
    "functional": "a graph with a shortcut",
    "multi-output": "a graph that learns two things at once, each with a loss of its own",
}

_DEFAULT = Path("spec.yaml")


def init(
    path: Annotated[Path, typer.Argument(metavar="[PATH]", help="The file to write, or its folder.")] = Path(
        "spec.yaml"
    ),
    template: Annotated[str, typer.Option("--template", "-t", help=f"{', '.join(TEMPLATES)}.")] = "mlp",
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it is there.")] = False,
    listing: Annotated[bool, typer.Option("--list", help="List the templates and write nothing.")] = False,
) -> None:
    """Write a commented spec to start from, on MNIST; it checks without warnings and also trains offline.

    Exits with 2 when the file is there already, or cannot be written.

    Example: mnistspec init digits.yaml --template cnn
    """
    if listing:
        typer.echo(table([Column("template"), Column("shows")], [list(row) for row in TEMPLATES.items()]))
        return
    one_of(template, tuple(TEMPLATES), "--template")
    file = path / _DEFAULT if path.is_dir() else path
    _write(file, template_text(template), force=force)
    written = shlex.quote(str(file))
    typer.echo(f"{file}: {TEMPLATES[template]}\n\nnext: mnistspec validate {written}\nthen: mnistspec run {written}")


def template_text(name: str) -> str:
    """The text of a template."""
    return (resources.files("mnistspec.cli") / "templates" / f"{name}.yaml").read_text("utf-8")


def _write(file: Path, text: str, *, force: bool) -> None:
    if os.path.lexists(file) and not force:
        raise UsageError(f"`{file}` is there already: `--force` overwrites it, or name another file")
    if not file.parent.is_dir():
        raise UsageError(f"there is no folder `{file.parent}` to write `{file.name}` in")
    temporary = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(file)
    except OSError as error:
        raise OutputFailed(f"`{file}` cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink()
