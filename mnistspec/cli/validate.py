"""`mnistspec validate`: are these specs in order?"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from mnistspec.cli.options import AllowEnv, Settings, SpecPaths, checked, one_of, show_diagnostics, wants_colour
from mnistspec.diagnostics import Diagnostic, has_errors
from mnistspec.formats import FORMATS
from mnistspec.formats.text import as_text, count_line


def validate(
    specs: SpecPaths,
    settings: Settings = None,
    format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    fix: Annotated[bool, typer.Option("--fix", help="Mend what is certain, in the file; - prints the text.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 for warnings too.")] = False,
    allow_env: AllowEnv = False,
) -> None:
    """Check specs completely, without Keras: form, names, shapes, and mistakes in the training.

    Exits with 0 when they are in order, 1 when one is wrong; after --fix by what is left, with --diff also with 1 when
    there is something to fix.

    Example: mnistspec validate specs/*.yaml --format json
    """
    one_of(format, tuple(FORMATS), "--format")
    # The fixed text of standard input, and a difference, have standard output to themselves.
    aside = diff or (fix and "-" in specs)
    changed = 0
    if fix or diff:
        from mnistspec.cli.fixing import fix_specs

        told_aside = aside or format != "text"
        found, changed = fix_specs(specs, settings, allow_env=allow_env, diff=diff, told_aside=told_aside)
    else:
        found = [one for spec in specs for one in checked(spec, settings, allow_env=allow_env).diagnostics]
    if aside:
        show_diagnostics(found)
    elif format == "text":
        _print_text(found, len(specs))
    else:
        typer.echo(FORMATS[format](found))
    warned = any(diagnostic.code.startswith("W") for diagnostic in found)
    if has_errors(found) or (strict and warned) or (diff and changed):
        raise typer.Exit(1)


def _print_text(found: list[Diagnostic], count: int) -> None:
    what = "1 spec" if count == 1 else f"{count} specs"
    if found:
        typer.echo(as_text(found, colour=wants_colour(sys.stdout)) + "\n")
    typer.echo(f"{what} checked: {count_line(found) or 'all in order'}")
