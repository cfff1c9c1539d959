"""Reports: HTML and Markdown, made from a run's folder alone, at any time and on any machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mnistspec.diagnostics import MissingExtra, UsageError
from mnistspec.runs.folder import write_text

if TYPE_CHECKING:
    from mnistspec.reports.contents import Contents

__all__ = ["FORMATS", "write_reports"]

FORMATS = ("html", "md")


def write_reports(folder: Path, formats: tuple[str, ...] = FORMATS) -> tuple[Path, ...]:
    """Writes `report.html` and `report.md`, as `formats` asks, into a run's folder, from what lies in it.

    Returns:
        The files written, in the order of `formats`.

    Raises:
        UsageError: a format that there is none of, a folder that is no run's, or a damaged file in it.
        MissingExtra: NumPy is not installed.
        OutputFailed: the folder cannot be written to.
    """
    for name in formats:
        if name not in FORMATS:
            raise UsageError(f"there is no report format {name!r}; choose from {' and '.join(FORMATS)}")
    if not formats:
        return ()
    read_folder, reports = _makers()
    contents = read_folder(folder)
    written = tuple(folder / f"report.{name}" for name in formats)
    for path, name in zip(written, formats, strict=True):
        write_text(path, reports[name](contents))
    return written


def _makers() -> tuple[Callable[[Path], Contents], dict[str, Callable[[Contents], str]]]:
    """What reads a folder and what makes each format; all of it needs NumPy, which the light install lacks."""
    try:
        from mnistspec.reports.contents import read_folder
        from mnistspec.reports.html import html_report
        from mnistspec.reports.markdown import markdown_report
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("numpy"):
            raise
        raise MissingExtra("a report needs NumPy: pip install 'mnistspec[cpu]', or NumPy alone") from error
    return read_folder, {"html": html_report, "md": markdown_report}
