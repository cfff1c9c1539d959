"""`mnistspec validate --fix` and `--diff`: a spec's certain fixes into its file, or shown."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from mnistspec.cli.options import wants_colour
from mnistspec.cli.rewriting import as_bytes, difference, rewrite
from mnistspec.fixing import Check, Fixed, mend
from mnistspec.parse import MAX_BYTES, decode, read_source
from mnistspec.pipeline import CheckResult, check_source
from mnistspec.source import Source


def fixed(
    path: str, settings: Sequence[str] | None, *, allow_env: bool, allow_code: bool, diff: bool, told_aside: bool
) -> Fixed:
    """Fixes a spec and says so (`told_aside`: on standard error). Returns what remains, and how many fixes it took.

    Raises: UsageError when it cannot be read, OutputFailed when it cannot be written.
    """
    overrides = tuple(settings or ())

    def check(source: Source) -> CheckResult:
        return check_source(source, overrides=overrides, allow_env=allow_env, allow_code=allow_code)

    mended = _fixed(path, check, diff)
    if mended.count:
        done = "would fix" if diff else "fixed"
        typer.echo(f"{done} {_findings(mended.count)} in {mended.result.source.name}", err=told_aside)
    return mended


def _fixed(path: str, check: Check, diff: bool) -> Fixed:
    """The spec at a path, fixed: in its file, for `-` on standard output, or as a difference."""
    data = sys.stdin.buffer.read(MAX_BYTES + 1) if path == "-" else None
    outcome = read_source(Path(path), path) if data is None else decode(data, "<stdin>")
    if outcome.value is None:
        if data is not None and not diff:
            typer.echo(data, nl=False)
        return Fixed(CheckResult(Source("", path), outcome.diagnostics))
    source = outcome.value
    mended = mend(source, check)
    text = mended.result.source.text
    if diff:
        typer.echo(difference(source, text, colour=wants_colour(sys.stdout)), nl=False)
    elif data is not None:
        typer.echo(as_bytes(text, marked=data.startswith(codecs.BOM_UTF8)), nl=False)
    elif text != source.text:
        rewrite(Path(path), source.text, text)
    return mended


def _findings(count: int) -> str:
    return "1 finding" if count == 1 else f"{count} findings"
