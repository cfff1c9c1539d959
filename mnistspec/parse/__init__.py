"""Text to nodes: YAML events with places, scalars by YAML 1.2's core schema, and bounds that act while reading."""

from __future__ import annotations

import codecs
import re
import stat
from pathlib import Path

from mnistspec.diagnostics import Diagnostic, Outcome, UsageError
from mnistspec.enough import Enough
from mnistspec.nodes import MappingNode
from mnistspec.parse.reading import Reading, Refused
from mnistspec.source import Source, Span

MAX_BYTES = 4 * 1024 * 1024
_USUAL_BYTES = 64 * 1024
_OTHER_MARKS = {
    "UTF-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "UTF-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}
# So many bytes of a file are looked at for the zeros that other encodings have between letters; fewer tell nothing.
_BEGINNING = range(8, 1024)

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def read_source(path: Path, name: str | None = None) -> Outcome[Source]:
    """The text of a file, or why it is no text.

    Raises: UsageError when the file cannot be opened or is no regular file.
    """
    shown = name or str(path)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UsageError(f"`{shown}` is a folder, not a spec; name the files in it, as in `{shown}/*.yaml`")
        if not stat.S_ISREG(mode):
            # Opening a pipe would wait for its other end, and a device may never end.
            raise UsageError(f"`{shown}` is no regular file; `-` reads from standard input")
        with path.open("rb") as stream:
            # Room for the largest spec is asked for only where a spec is larger than most.
            data = stream.read(_USUAL_BYTES)
            if len(data) == _USUAL_BYTES:
                data += stream.read(MAX_BYTES + 1 - _USUAL_BYTES)
    except FileNotFoundError:
        if path.is_symlink():
            raise UsageError(f"`{shown}` is a link to what is not there") from None
        raise UsageError(f"there is no file `{shown}`; `mnistspec init` writes one to start from") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"`{shown}` cannot be read: {getattr(error, 'strerror', None) or error}") from error
    return decode(data, shown, path)


def decode(data: bytes, name: str, path: Path | None = None) -> Outcome[Source]:
    """Bytes to a source: UTF-8, with or without a byte order mark."""
    nothing = Span(Source("", name, path), 0, 0)
    if len(data) > MAX_BYTES:
        return Outcome(None, (_too_long(nothing),))
    other = _other_encoding(data)
    if other is not None:
        return Outcome(None, (Diagnostic("E102", f"the file is {other}", nothing, "save it as UTF-8"),))
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return Outcome(Source(data.decode("utf-8"), name, path))
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8")
        place = Span(Source(good + "\ufffd", name, path), len(good), len(good) + 1)
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        return Outcome(None, (Diagnostic("E102", message, place, "save the file as UTF-8"),))


def _other_encoding(data: bytes) -> str | None:
    """The encoding that a file begins in, where it is plainly another than UTF-8: by its mark, or by its zeros."""
    # A mark of UTF-32 begins as one of UTF-16 does.
    for encoding, marks in _OTHER_MARKS.items():
        if data.startswith(marks):
            return encoding
    width = _bytes_a_letter(data[: _BEGINNING.stop]) if b"\0" in data else 1
    return f"UTF-{8 * width} without a byte order mark" if width > 1 else None


def _bytes_a_letter(data: bytes) -> int:
    """2 or 4 where zeros stand as these encodings have them in a text with much ASCII; else 1."""
    quarter = len(data) // 4
    zeros = [data[place : 4 * quarter : 4].count(0) for place in range(4)]
    if len(data) < _BEGINNING.start or min(zeros) == quarter:
        return 1
    if min(zeros[:2]) == quarter or min(zeros[2:]) == quarter:
        return 4
    first, second = zeros[0] + zeros[2], zeros[1] + zeros[3]
    return 2 if min(first, second) == 0 and 4 * max(first, second) > 2 * quarter else 1


def parse(source: Source) -> Outcome[MappingNode]:
    """The spec's text as a tree of nodes with places.

    Syntax that cannot be read past ends the reading with one diagnostic; duplicate keys and the like are collected.
    """
    refused = _check_text(source)
    if refused is not None:
        return Outcome(None, (refused,))
    reading = Reading(source)
    try:
        root = reading.document()
    except Refused as refusal:
        return Outcome(None, (*reading.diagnostics, refusal.diagnostic))
    except Enough:
        return Outcome(None, tuple(reading.diagnostics))
    return Outcome(root, tuple(reading.diagnostics))


def _too_long(span: Span) -> Diagnostic:
    message = f"the text is longer than the {MAX_BYTES // 1024 // 1024} MiB that a spec may have"
    return Diagnostic("E107", message, span, "keep data in files of its own, and name them under `data`")


def _check_text(source: Source) -> Diagnostic | None:
    """What no parser should be given: a text of any length, and characters that YAML does not have."""
    if len(source.text) > MAX_BYTES:
        return _too_long(Span(source, 0, 0))
    found = _UNPRINTABLE.search(source.text)
    if found is None:
        return None
    message = f"the character U+{ord(found.group()):04X} cannot stand in YAML"
    help = "remove it; inside double quotes it can be written as an escape"
    return Diagnostic("E102", message, Span(source, found.start(), found.end()), help)
