"""The Python code that a finished run's spec names, for its model to be loaded with."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from mnistspec.diagnostics import UsageError
from mnistspec.exporters.python_objects import import_all, known_to_keras
from mnistspec.plan import python_calls
from mnistspec.runs.resuming import changed_code, written_spec
from mnistspec.runs.run import Run


def code_of(run: Run) -> AbstractContextManager[Any]:
    """Imports the code; inside, Keras knows it by name.

    Raises: UsageError where it is no longer the code that the model was trained with, SpecRefused where it cannot be
    imported.
    """
    result = written_spec(run)
    assert result.spec is not None
    calls = python_calls(result.plan(), result.spec)
    changed = changed_code(run, import_all(calls))
    if changed:
        raise UsageError(f"`{run.folder}` is not what its model was trained with: {'; '.join(changed)}")
    return known_to_keras(calls)
