"""How much memory a file from outside may ask for."""

from __future__ import annotations

from pathlib import Path

from mnistspec.diagnostics import BadData

# Where the system does not say how much is free: large enough for honest data, small enough to stop a forged header.
UNKNOWN_LIMIT = 32 * 2**30


def available_bytes(meminfo: Path = Path("/proc/meminfo")) -> int:
    """Bytes of memory that can be had without swapping, as Linux reports them; 32 GiB where nothing reports it."""
    try:
        lines = meminfo.read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return UNKNOWN_LIMIT
    for line in lines:
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            return int(value.split()[0]) * 1024
    return UNKNOWN_LIMIT


def require_memory(needed: int, what: str) -> None:
    """Raises: BadData when `what` needs more bytes than there are, before they are allocated."""
    available = available_bytes()
    if needed > available:
        raise BadData(
            f"{what} needs {needed / 2**30:,.1f} GiB of memory, and {available / 2**30:,.1f} GiB are free:"
            " use fewer or smaller examples."
        )
