"""Where in a spec a complaint about its data belongs."""

from __future__ import annotations

import re

from mnistspec.source import Span
from mnistspec.spec import SourceSpec

_QUOTED = re.compile("`([^`]+)`")


def place_of(source: SourceSpec, message: str) -> Span | None:
    """The word among the source's options that a message names first, or else its file; the source without either."""
    first = _QUOTED.search(message)
    place = _word(source, first[1]) if first is not None else None
    return place or _file(source, message.partition(":")[0]) or source.span


def _word(source: SourceSpec, name: str) -> Span | None:
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    # A file's name may hold the word by chance.
    for _, span in sorted(source.spans.items(), key=lambda item: item[0] == "path"):
        found = word.search(span.text)
        if found is not None:
            return Span(span.source, span.start + found.start(), span.start + found.end())
    return None


def _file(source: SourceSpec, path: str) -> Span | None:
    """Where the file stands that a message begins with; it starts at the spec's folder there."""
    written = source.spans.get("path")
    said = path.replace("\\", "/")
    return written if written is not None and said.endswith(written.text.strip("\"'")) else None
