"""`mnistspec validate`: are these specs in order?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from mnistspec.cli.options import AllowEnv, Settings, SpecPaths, checked, one_of, wants_colour
from mnistspec.diagnostics import Diagnostic, Severity, has_errors
from mnistspec.formats import FORMATS
from mnistspec.formats.text import as_text, count_line

# How many codes the last line proposes to read on about.
_NAMED = 3


def validate(
    specs: SpecPaths,
    settings: Settings = None,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 for warnings too.")] = False,
    allow_env: AllowEnv = False,
) -> None:
    """Check specs completely, without Keras: form, names, shapes, and mistakes in the training.

    Exits with 0 when they are in order, 1 when one is wrong.

    Example: mnistspec validate specs/*.yaml --format json
    """
    one_of(format, tuple(FORMATS), "--format")
    found: list[Diagnostic] = []
    for spec in specs:
        found.extend(checked(spec, settings, allow_env=allow_env).diagnostics)
    if format == "text":
        _print_text(found, len(specs))
    else:
        typer.echo(FORMATS[format](found))
    if has_errors(found) or (strict and any(diagnostic.code.startswith("W") for diagnostic in found)):
        raise typer.Exit(1)


def _print_text(found: list[Diagnostic], count: int) -> None:
    what = "1 spec" if count == 1 else f"{count} specs"
    if found:
        typer.echo(as_text(found, colour=wants_colour(sys.stdout)) + "\n")
    typer.echo(f"{what} checked: {count_line(found) or 'all in order'}{_more(found)}")


def _more(found: Sequence[Diagnostic]) -> str:
    """Where to read on about the codes found, errors first."""
    gravest = sorted(found, key=lambda diagnostic: list(Severity).index(diagnostic.severity))
    codes = list(dict.fromkeys(diagnostic.code for diagnostic in gravest))[:_NAMED]
    return f"; more: mnistspec explain {' '.join(codes)}" if codes else ""
