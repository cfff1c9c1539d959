"""Getting one published file over the network: whole and verified, or not at all.

Keras' own `get_file` writes straight to the final name, without a timeout, and prints a progress bar to standard
output; a cut-off file of a set without a digest in Keras would pass for a whole one. So the bytes are fetched here,
from the address and to the place that Keras uses, and Keras' loader reads them there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from mnistspec.datasets.cached_files import FileState, state_of
from mnistspec.datasets.loaded import Say
from mnistspec.datasets.sources.base import CachedFile
from mnistspec.diagnostics import DataUnavailable, OutputFailed

if TYPE_CHECKING:
    import http.client

TIMEOUT = 10.0  # seconds, to connect and between two pieces
_PIECE = 2**18  # bytes
_LARGEST = 2**30  # bytes; the largest published set has 170 MB


class Unreachable(DataUnavailable):
    """A file could not be downloaded; the text says why."""


def download(file: CachedFile, target: Path, say: Say) -> None:
    """Puts the published file at `target`, replacing what is there only once the new file is whole and verified.

    Raises: Unreachable when the network or the server fails, OutputFailed when the disk does.
    """
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _save(file.url, partial, say)
        if state_of(file, partial) is not FileState.GOOD:
            raise Unreachable("what the server sent is not the published file")
        partial.replace(target)
    except OSError as error:
        raise OutputFailed(f"{target}: cannot be written ({error.strerror or error}).") from error
    finally:
        with suppress(OSError):
            partial.unlink()


def _save(url: str, partial: Path, say: Say) -> None:
    with partial.open("wb") as out:
        for piece in _pieces(url, say):
            out.write(piece)


def _pieces(url: str, say: Say) -> Iterator[bytes]:
    """The bytes behind an address, piece by piece, with a word on the progress at every tenth."""
    import http.client
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as response:
            yield from _with_progress(response, url.rsplit("/", 1)[-1], say)
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        raise Unreachable(_reason(error)) from error


def _with_progress(response: http.client.HTTPResponse, name: str, say: Say) -> Iterator[bytes]:
    total = response.length or 0
    say(f"downloading {name}" + (f" ({total / 1e6:.1f} MB)" if total else ""))
    done = 0
    for piece in _read(response):
        tenths = 10 * done // total if total else 0
        done += len(piece)
        if total and 10 * done // total > tenths:
            say(f"downloading {name}: {100 * done // total}%")
        if done > _LARGEST:
            raise Unreachable("the server sends more than any published file holds")
        yield piece


def _read(response: IO[bytes]) -> Iterator[bytes]:
    while piece := response.read(_PIECE):
        yield piece


def _reason(error: Exception) -> str:
    import urllib.error

    if isinstance(error, urllib.error.HTTPError):
        return f"the server answers {error.code}"
    if isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
        return f"no answer within {TIMEOUT:.0f} seconds"
    reason = getattr(error, "reason", None) or error
    return str(getattr(reason, "strerror", None) or reason)
