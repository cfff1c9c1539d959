"""The spec that a run wrote into its folder, and the Python code that it names."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from mnistspec.diagnostics import UsageError
from mnistspec.parse import read_source
from mnistspec.pipeline import CheckResult, check_source
from mnistspec.plan import python_calls
from mnistspec.typed import TypedGraph


def written_spec(folder: Path, *, for_its_data: bool = False) -> CheckResult:
    """The spec that a run wrote with every default spelled out.

    Raises: UsageError where it cannot be read or has errors; `for_its_data` only where it does not say what the data
    are, as a run by an earlier version can be measured though its spec would be refused today.
    """
    path = folder / "resolved.yaml"
    outcome = read_source(path)
    # Only looked at: nothing that it names is imported.
    result = check_source(outcome.value, allow_code=True) if outcome.value is not None else None
    usable = result is not None and (_says_data(result) if for_its_data else result.ok)
    if result is None or not usable:
        first = next(iter(result.diagnostics if result is not None else outcome.diagnostics), None)
        raise UsageError(f"`{path}` is not the spec that the run wrote" + (f": {first}" if first else ""))
    return result


def _says_data(result: CheckResult) -> bool:
    return result.spec is not None and result.spec.data is not None


def typed_of(folder: Path) -> TypedGraph | None:
    """The graph of the model that a run has trained; None where its spec is gone or damaged."""
    try:
        return written_spec(folder).graph
    except UsageError:
        return None


def changed_code(record: Mapping[str, Any], digests: Mapping[str, str]) -> tuple[str, ...]:
    """Which modules of a spec's own Python code are not as a run recorded them; digests by the modules' names."""
    before: Mapping[str, str] = record.get("python") or {}
    names = dict.fromkeys((*before, *digests))
    return tuple(f"the code of `{name}` was changed" for name in names if before.get(name) != digests.get(name))


def code_of(folder: Path, record: Mapping[str, Any]) -> AbstractContextManager[Any]:
    """Imports the code that a run's spec names; inside, Keras knows it by name.

    Raises: UsageError where it is no longer the code that the model was trained with, SpecRefused where it cannot be
    imported.
    """
    from mnistspec.exporters.python_objects import import_all, known_to_keras  # need Keras, on the run's backend

    result = written_spec(folder)
    assert result.spec is not None
    calls = python_calls(result.plan(), result.spec)
    changed = changed_code(record, import_all(calls))
    if changed:
        raise UsageError(f"`{folder}` is not what its model was trained with: {'; '.join(changed)}")
    return known_to_keras(calls)
