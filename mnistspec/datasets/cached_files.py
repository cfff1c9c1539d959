"""The files of published data sets in Keras' cache: where they lie, and whether they are what was published."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path

from mnistspec.datasets.sources.base import CachedFile
from mnistspec.diagnostics import DataUnavailable


class FileState(Enum):
    """What a cached file is. EQUIVALENT: another file than Keras', with the published data in it."""

    ABSENT = "absent"
    GOOD = "good"
    EQUIVALENT = "equivalent"
    DAMAGED = "damaged"

    @property
    def usable(self) -> bool:
        return self in (FileState.GOOD, FileState.EQUIVALENT)


def datasets_folder() -> Path:
    """Where Keras keeps data sets: `$KERAS_HOME/datasets`, else `~/.keras/datasets`, else below the temporary folder.

    Keras takes the last where it may not write to the first two, even if the files could be read there.
    """
    home = Path.home()
    base = home if os.access(home, os.W_OK) else Path("/tmp")
    keras_home = Path(os.environ.get("KERAS_HOME") or base / ".keras").expanduser()
    if keras_home.exists() and not os.access(keras_home, os.W_OK):
        import tempfile

        temporary = Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())
        keras_home = temporary / ".keras"
    return keras_home / "datasets"


def path_of(file: CachedFile) -> Path:
    """Where the file belongs."""
    return datasets_folder() / file.path


def digest_of(path: Path, algorithm: str) -> str:
    """The digest (hex) of a file's bytes. Raises: OSError."""
    import hashlib

    with path.open("rb") as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest()


def state_of(file: CachedFile, path: Path | None = None) -> FileState:
    """What lies at the file's place (or at `path`), by digest. Raises: DataUnavailable for one that cannot be read."""
    place = path or path_of(file)
    try:
        if not place.is_file():
            return FileState.ABSENT
        if digest_of(place, file.algorithm) == file.digest:
            return FileState.GOOD
    except OSError as error:
        raise DataUnavailable(f"{place}: cannot be read ({error.strerror or error}).") from error
    if file.same_contents is not None and file.same_contents(place):
        return FileState.EQUIVALENT
    return FileState.DAMAGED
