"""`mnistspec validate --fix` and `--diff`: a spec's certain fixes into its file, or shown."""

from __future__ import annotations

import codecs
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import typer

from mnistspec.cli.options import wants_colour
from mnistspec.diagnostics import OutputFailed
from mnistspec.fixing import Check, Fixed, mend
from mnistspec.parse import MAX_BYTES, decode, read_source
from mnistspec.pipeline import CheckResult, check_source
from mnistspec.source import Source


def fixed(path: str, settings: Sequence[str] | None, *, allow_env: bool, diff: bool, told_aside: bool) -> Fixed:
    """Fixes a spec and says so (`told_aside`: on standard error). Returns what remains, and how many fixes it took.

    Raises: UsageError when it cannot be read, OutputFailed when it cannot be written.
    """
    overrides = tuple(settings or ())
    mended = _fixed(path, lambda source: check_source(source, overrides=overrides, allow_env=allow_env), diff)
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
        typer.echo(_as_bytes(text, marked=data.startswith(codecs.BOM_UTF8)), nl=False)
    elif text != source.text:
        rewrite(Path(path), source.text, text)
    return mended


def difference(source: Source, text: str, *, colour: bool = False) -> str:
    """What changes between a source and its new text, as a unified difference; empty where nothing does."""
    from difflib import unified_diff

    old, new = source.text.splitlines(keepends=True), text.splitlines(keepends=True)
    lines = [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
             for line in unified_diff(old, new, source.name, source.name)]  # fmt: skip
    return "".join(_painted(line) if colour else line for line in lines)


def _painted(line: str) -> str:
    paint = {"+": "32", "-": "31", "@": "36"}.get(line[:1])
    return f"\x1b[{paint}m{line[:-1]}\x1b[0m\n" if paint else line


def rewrite(path: Path, old: str, new: str) -> None:
    """Replaces a file's text in one step; its mode and its byte order mark stay, a link goes on pointing at it.

    Raises: OutputFailed when the file cannot be written, or is no longer what was read.
    """
    target = path.resolve()
    temporary: Path | None = None
    try:
        before = target.read_bytes()
        marked = before.startswith(codecs.BOM_UTF8)
        if before != _as_bytes(old, marked=marked):
            raise OutputFailed(f"`{path}` was changed by another program while it was checked; try again")
        handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(_as_bytes(new, marked=marked))
        temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
    except OSError as error:
        raise OutputFailed(f"`{path}` cannot be written: {error.strerror or error}") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _as_bytes(text: str, *, marked: bool) -> bytes:
    return codecs.BOM_UTF8 * marked + text.encode()


def _findings(count: int) -> str:
    return "1 finding" if count == 1 else f"{count} findings"
