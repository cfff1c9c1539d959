"""A run's folder, read: the only door through which a report learns anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from mnistspec.diagnostics import UsageError
from mnistspec.frozen import dataclass
from mnistspec.reports.fields import Damaged, Fields
from mnistspec.reports.history import History, read_history
from mnistspec.reports.predictions import Predictions, read_predictions
from mnistspec.reports.record import RunRecord, read_record

T = TypeVar("T")


@dataclass(frozen=True)
class Contents:
    """What a run's folder holds. All but the record may be missing: the run may have been cut off, or not asked to."""

    run: RunRecord
    history: History | None = None
    predictions: Predictions | None = None
    spec: str | None = None
    resolved: str | None = None


def read_folder(folder: Path) -> Contents:
    """Reads a run's folder.

    Raises:
        UsageError: it is not a run's folder, or a file in it is damaged or of a newer version.
    """
    if not (folder / "run.json").is_file():
        raise UsageError(f"{folder} is not a run's folder (there is no run.json in it); name one such as runs/NAME/001")
    run = _read(folder / "run.json", _record)
    assert run is not None  # it was there a line ago
    return Contents(
        run=run,
        history=_read(folder / "history.csv", lambda path: read_history(_text(path))),
        predictions=_read(folder / "predictions.npz", read_predictions),
        spec=_read(folder / "spec.yaml", _text),
        resolved=_read(folder / "resolved.yaml", _text),
    )


def _read(path: Path, reader: Callable[[Path], T]) -> T | None:
    if not path.is_file():
        return None
    try:
        return reader(path)
    except Damaged as damage:
        raise UsageError(f"{path} cannot be used: {damage}; {damage.way_out}") from damage
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error


def _record(path: Path) -> RunRecord:
    try:
        values = json.loads(_text(path))
    except (ValueError, RecursionError) as error:
        raise Damaged(f"it is not JSON ({error})") from error
    if not isinstance(values, dict):
        raise Damaged("it does not hold a JSON object")
    return read_record(Fields(values))


def _text(path: Path) -> str:
    # A spec may stand in another encoding by the time it is read back; the report shows what it can of it.
    return path.read_text(encoding="utf-8", errors="replace")
