"""Writing a file that a command was asked for: whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from mnistspec.diagnostics import OutputFailed, UsageError


def write_file(file: Path, text: str) -> None:
    """Writes text in UTF-8 under a temporary name beside the file, then renames. Raises: UsageError, OutputFailed."""
    if not file.parent.is_dir():
        raise UsageError(f"there is no folder `{file.parent}` to write `{file.name}` in")
    temporary = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(file)
    except OSError as error:
        raise OutputFailed(f"`{file}` cannot be written: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)
