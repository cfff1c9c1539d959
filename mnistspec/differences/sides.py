"""What can be held against something else: a spec, a run's folder, or a model that Keras saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from mnistspec.diagnostics import SpecInvalid, UsageError
from mnistspec.frozen import dataclass
from mnistspec.parse import read_source
from mnistspec.pipeline import CheckResult, check_source
from mnistspec.runs.run import open_run
from mnistspec.source import Source

_RESOLVED = "resolved.yaml"


@dataclass(frozen=True)
class Side:
    """One of two things compared: what it is (`spec`, `run` or `model`), its spec, checked, and a run's record."""

    name: str
    what: str
    result: CheckResult = field(repr=False)
    record: Mapping[str, Any] | None = field(default=None, repr=False)


def side(path: Path, *, allow_env: bool = False, allow_code: bool = False) -> Side:
    """What stands at a path.

    Raises: SpecInvalid with the diagnostics, UsageError where nothing can be read, MissingExtra for a model whose
    file does not say all without Keras.
    """
    if path.is_dir():
        return _run(path, allow_code=allow_code)
    if path.suffix == ".keras" or (path.suffix == ".json" and not _is_spec(path)):
        from mnistspec.importers.files import spec_of_file

        source = Source(spec_of_file(path), str(path))
        return Side(str(path), "model", _valid(check_source(source)))
    return Side(str(path), "spec", _checked(path, allow_env=allow_env, allow_code=allow_code))


def text_side(text: str, *, allow_code: bool = False) -> Side:
    """A spec's text. Raises: SpecInvalid."""
    return Side("<text>", "spec", _valid(check_source(Source(text), allow_code=allow_code)))


def _run(folder: Path, *, allow_code: bool) -> Side:
    run = open_run(folder)
    path = run.folder / _RESOLVED
    if not path.is_file():
        raise UsageError(f"`{run.folder}` has no {_RESOLVED}; its status is `{run.record.get('status')}`")
    return Side(str(run.folder), "run", _checked(path, allow_code=allow_code), run.record)


def _checked(path: Path, *, allow_env: bool = False, allow_code: bool = False) -> CheckResult:
    outcome = read_source(path)
    if outcome.value is None:
        raise SpecInvalid(outcome.diagnostics)
    return _valid(check_source(outcome.value, allow_env=allow_env, allow_code=allow_code))


def _valid(result: CheckResult) -> CheckResult:
    if not result.ok:
        raise SpecInvalid(result.diagnostics)
    return result


def _is_spec(path: Path) -> bool:
    """Whether a JSON file is a spec, not the config of a model."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and "mnistspec" in data
