"""`mnistspec validate`: are these specs in order?"""

from __future__ import annotations

import sys
from typing import Annotated

from mnistspec.cli.declared import Option
from mnistspec.cli.options import AllowEnv, Settings, SpecPaths, checked, one_of, tell, wants_colour
from mnistspec.diagnostics import Diagnostic, has_errors
from mnistspec.formats import FORMATS
from mnistspec.formats.text import as_text, count_line


def validate(
    specs: SpecPaths,
    settings: Settings = None,
    format: Annotated[str, Option("--format", "text or json.")] = "text",
    strict: Annotated[bool, Option("--strict", "Exit with 1 for warnings too.")] = False,
    allow_env: AllowEnv = False,
) -> int:
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
        tell(FORMATS[format](found))
    return int(has_errors(found) or (strict and any(diagnostic.code.startswith("W") for diagnostic in found)))


def _print_text(found: list[Diagnostic], count: int) -> None:
    what = "1 spec" if count == 1 else f"{count} specs"
    if found:
        tell(as_text(found, colour=wants_colour(sys.stdout)) + "\n")
    tell(f"{what} checked: {count_line(found) or 'all in order'}")
