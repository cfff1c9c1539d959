"""What callbacks write, and the one rule for it: inside the run's folder."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

# Arguments that name a file or folder to write, by callback.
PATH_ARGUMENTS = {
    "BackupAndRestore": "backup_dir",
    "CSVLogger": "filename",
    "ModelCheckpoint": "filepath",
    "OrbaxCheckpoint": "directory",
    "TensorBoard": "log_dir",
}


def leads_out(path: str) -> bool:
    """Whether a path is absolute, climbs, is the folder itself or no path at all, by the rules of either system."""
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    if posix.is_absolute() or windows.anchor or not posix.parts or "\0" in path:
        return True
    return ".." in (*posix.parts, *windows.parts) or path.startswith("~")
