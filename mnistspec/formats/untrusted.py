"""Text from specs and file names, made harmless for where it is shown."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def one_line(text: str, kept: str = "\t") -> str:
    """Text without line breaks and other control characters, which could forge or hide output, but for those kept."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() or character in kept else " " for character in text)


def encodable(text: str) -> str:
    """Text that can be written as UTF-8: half a surrogate pair, as in a file name that is no UTF-8, becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)
