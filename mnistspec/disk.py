"""Room on the disk, looked for before it is needed: HDF5 does not survive a disk that fills while it writes."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path


def require_room(folder: Path, size: int) -> None:
    """Raises: OSError, as a failed write would, when a file of `size` bytes has no room in a folder."""
    # To set the room aside instead would fill the disk for a moment, for everybody.
    if shutil.disk_usage(folder).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
