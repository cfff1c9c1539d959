"""How diagnostics are shown: one form a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mnistspec.diagnostics import Diagnostic
from mnistspec.formats.json import as_json
from mnistspec.formats.text import as_text

# Name on the command line -> all diagnostics of a command as one text.
FORMATS: dict[str, Callable[[Sequence[Diagnostic]], str]] = {"json": as_json, "text": as_text}
