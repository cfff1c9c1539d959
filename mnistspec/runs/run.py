"""A finished run, read from its folder alone."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from mnistspec.backend import import_keras
from mnistspec.diagnostics import UsageError, first_line
from mnistspec.frozen import dataclass
from mnistspec.runs.recorded import misformed


class DamagedRecord(UsageError):
    """A run's `run.json` that is none: cut off, changed, or no JSON at all."""


@dataclass(frozen=True)
class Run:
    """One run's folder and what `run.json` in it says. `allow_code` lets it import Python code that its spec names."""

    folder: Path
    record: Mapping[str, Any]
    allow_code: bool = False

    @property
    def metrics(self) -> Mapping[str, Any]:
        """Metrics by split (`train`, `validation`, `test`) and name; a split that was not measured is None."""
        metrics: Mapping[str, Any] = self.record.get("metrics") or {}
        return {split: _numbers(values) for split, values in metrics.items()}

    def model(self) -> Any:
        """The trained model, loaded from `model.keras` (never running code that the file might hold).

        Raises: UsageError when the run saved no model, or needs Python code that is not allowed or was changed;
        SpecRefused where that code cannot be imported, MissingExtra without Keras.
        """
        path = self.folder / "model.keras"
        if not path.is_file():
            raise UsageError(f"`{self.folder}` has no model.keras; its status is `{self.record.get('status')}`")
        import_keras(str(self.record.get("backend", "tensorflow")))
        import keras

        code = self._code()
        try:
            with code:
                return keras.models.load_model(path, safe_mode=True)
        except Exception as error:
            # A damaged file can fail in as many ways as Keras, HDF5 and ZIP have.
            raise UsageError(f"`{path}` cannot be loaded: {first_line(error)}") from error

    def _code(self) -> AbstractContextManager[Any]:
        """What makes the Python code of the run's spec known to Keras."""
        if not self.record.get("python"):
            return nullcontext()
        if not self.allow_code:
            allowed = "`--allow-code` lets it be imported, and it may then do anything on this machine"
            raise UsageError(f"`{self.folder}` needs Python code that its spec names: {allowed}")
        from mnistspec.runs.written import code_of  # few runs need it, and it brings in the check

        return code_of(self.folder, self.record)


def _numbers(values: Mapping[str, float | None] | None) -> dict[str, float] | None:
    """Metrics as numbers; JSON has null where one was none."""
    if values is None:
        return None
    return {name: math.nan if value is None else value for name, value in values.items()}


def open_run(folder: Path, *, allow_code: bool = False) -> Run:
    """The run in a folder; a folder of runs means the newest in it that finished, or where none did the newest.

    Raises: UsageError when there is none, or when its record cannot be read; DamagedRecord for one that is none.
    """
    with looking_into(folder):
        folder = _newest(folder)
        return Run(folder, _record(folder), allow_code)


@contextmanager
def looking_into(folder: Path) -> Iterator[None]:
    """Raises: UsageError where the system refuses to."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"`{error.filename or folder}` cannot be read: {error.strerror or error}") from error


def _record(folder: Path) -> dict[str, Any]:
    path = folder / "run.json"
    if not path.is_file():
        raise UsageError(f"`{folder}` is no run's folder: it has no run.json; `mnistspec run SPEC` makes one")
    try:
        with looking_into(path):
            record = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DamagedRecord(f"`{path}` cannot be read: {first_line(error)}{_way_out(folder)}") from error
    if not isinstance(record, dict) or "format" not in record:
        raise DamagedRecord(f"`{path}` is no record of a run{_way_out(folder)}")
    if record["format"] != 1:
        raise UsageError(f"`{path}` is not a record that this version reads{_way_out(folder)}")
    wrong = misformed(record)
    if wrong is not None:
        raise DamagedRecord(f"`{path}` cannot be read: nothing that a run writes as `{wrong}`{_way_out(folder)}")
    return record


def _way_out(folder: Path) -> str:
    """What can be done without a run's record."""
    model, spec = folder / "model.keras", folder / "resolved.yaml"
    ways = []
    if model.is_file():
        ways.append(f"Keras can still load `{model}`")
    if spec.is_file():
        ways.append(f"`mnistspec run {spec}` trains anew")
    return f"; {', and '.join(ways)}" if ways else ""


def _newest(folder: Path) -> Path:
    if (folder / "run.json").is_file() or not folder.is_dir():
        return folder
    numbered = [entry for entry in folder.iterdir() if entry.name.isdecimal() and entry.is_dir()]
    newest_first = sorted(numbered, key=lambda entry: int(entry.name), reverse=True)
    return next((entry for entry in newest_first if _finished(entry)), (newest_first or [folder])[0])


def _finished(folder: Path) -> bool:
    try:
        return bool(_record(folder).get("status") == "finished")
    except UsageError:
        return False
