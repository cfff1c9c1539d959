"""The files that lookup layers have their vocabulary from."""

from __future__ import annotations

from pathlib import Path

from mnistspec.calls import Call
from mnistspec.datasets.sources.base import below


def vocabulary_file(call: Call) -> Path | None:
    """The file that a layer reads its vocabulary from; None where tokens are listed, or lie elsewhere (`gs://...`)."""
    written = call.arguments.get("vocabulary")
    if not isinstance(written, str) or "://" in written:
        return None
    return below(call.span.source.folder, written)
