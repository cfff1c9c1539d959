"""Tabs outside strings and comments, which YAML parsers treat each in their own way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_COMMENT = re.compile(r"(?:^|\s)#", re.MULTILINE)


def tabs_between(text: str, scalars: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Where tabs between values stand; `scalars` are the stretches `start, end` of the values."""
    covered = iter(sorted(scalars))
    scalar = next(covered, None)
    position = text.find("\t")
    # No line and no comment with a tab before this is looked at again.
    seen = 0
    while position >= 0:
        while scalar is not None and scalar[1] <= position:
            scalar = next(covered, None)
        if scalar is not None and scalar[0] <= position:
            position = text.find("\t", scalar[1])
            continue
        line = max(seen, text.rfind("\n", seen, position) + 1)
        if _COMMENT.search(text, line, position) is None:
            yield position
            seen = position
            position = text.find("\t", position + 1)
            continue
        line_end = text.find("\n", position)
        position = text.find("\t", line_end) if line_end >= 0 else -1
