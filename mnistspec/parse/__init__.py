"""Text to nodes: YAML events with places, scalars by YAML 1.2's core schema, and bounds that act while reading."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from mnistspec.diagnostics import Diagnostic, Outcome, UsageError
from mnistspec.nodes import MappingNode
from mnistspec.parse.reading import Reading, Refused
from mnistspec.source import Source, Span

MAX_BYTES = 4 * 1024 * 1024
_USUAL_BYTES = 64 * 1024

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def read_source(path: Path, name: str | None = None) -> Outcome[Source]:
    """The text of a file, or why it is no text.

    Raises: UsageError when the file cannot be opened or is no regular file.
    """
    shown = name or str(path)
    try:
        if path.is_dir():
            raise UsageError(f"`{shown}` is a folder, not a spec; name the files in it, as in `{shown}/*.yaml`")
        if path.exists() and not path.is_file():
            # Opening a pipe would wait for its other end, and a device may never end.
            raise UsageError(f"`{shown}` is no regular file; `-` reads from standard input")
        with path.open("rb") as stream:
            # Room for the largest spec is asked for only where a spec is larger than most.
            data = stream.read(_USUAL_BYTES)
            if len(data) == _USUAL_BYTES:
                data += stream.read(MAX_BYTES + 1 - _USUAL_BYTES)
    except FileNotFoundError:
        raise UsageError(f"there is no file `{shown}`; `mnistspec init` writes one to start from") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"`{shown}` cannot be read: {getattr(error, 'strerror', None) or error}") from error
    return decode(data, shown, path)


def decode(data: bytes, name: str, path: Path | None = None) -> Outcome[Source]:
    """Bytes to a source: UTF-8, with or without a byte order mark."""
    nothing = Span(Source("", name, path), 0, 0)
    if len(data) > MAX_BYTES:
        return Outcome(None, (_too_long(nothing),))
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return Outcome(None, (Diagnostic("E102", "the file is UTF-16", nothing, "save it as UTF-8"),))
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return Outcome(Source(data.decode("utf-8"), name, path))
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8")
        place = Span(Source(good + "\ufffd", name, path), len(good), len(good) + 1)
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        return Outcome(None, (Diagnostic("E102", message, place, "save the file as UTF-8"),))


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
