"""A spec's new text: shown as a difference, or put in the place of the old in one step."""

from __future__ import annotations

import codecs
import os
import tempfile
from pathlib import Path

from mnistspec.diagnostics import OutputFailed
from mnistspec.source import Source


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
        if before != as_bytes(old, marked=marked):
            raise OutputFailed(f"`{path}` was changed by another program while it was read; try again")
        handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(as_bytes(new, marked=marked))
        temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
    except OSError as error:
        raise OutputFailed(f"`{path}` cannot be written: {error.strerror or error}") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def as_bytes(text: str, *, marked: bool) -> bytes:
    """Text in UTF-8, with a byte order mark where it was `marked`."""
    return codecs.BOM_UTF8 * marked + text.encode()
