"""Where a finding is, as servers know it: by the file's path in the repository."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

_SERVERS_ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


def repository_path(path: str) -> str:
    """The path from the root of the repository, parted by `/`; absolute for a file outside of it."""
    if path == "<stdin>":
        return path
    whole = Path(os.path.abspath(path))  # noqa: PTH100, links stay as they are named
    root = _root(Path.cwd())
    return (whole.relative_to(root) if whole.is_relative_to(root) else whole).as_posix()


@cache
def _root(folder: Path) -> Path:
    """The nearest folder around that Git or a server calls the root; without one the folder itself."""
    named = {Path(os.environ[name]) for name in _SERVERS_ROOTS if os.environ.get(name)}
    around = (folder, *folder.parents)
    return next((parent for parent in around if parent in named or (parent / ".git").exists()), folder)
