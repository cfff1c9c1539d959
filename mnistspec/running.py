"""Starting a run: what can be refused is refused before Keras is imported, which takes seconds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mnistspec.backend import import_keras
from mnistspec.completeness import complete
from mnistspec.exporters.deployment import require
from mnistspec.pipeline import CheckResult
from mnistspec.runs.folder import discard, new_folder
from mnistspec.runs.run import Run

if TYPE_CHECKING:
    from mnistspec.runs.narrator import Narrator


def start(
    result: CheckResult, out: Path, *, narrator: Narrator | None = None, command: tuple[str, ...] = ("mnistspec.run",)
) -> Run:
    """Runs a spec that is in order in a new folder under `out`.

    Raises: SpecInvalid when the spec lacks what a run needs; OutputFailed, MissingExtra, DataUnavailable, BadData,
    RunFailed, ProofFailed. A run that fails before it has learnt anything leaves no folder.
    """
    assert result.spec is not None
    complete(result.spec)
    require(result.spec.outputs.export)
    folder = new_folder(out, result.spec.name)
    try:
        if narrator is not None:
            narrator.say(f"{result.spec.name}: checked; importing Keras on {result.spec.backend}")
        seconds = import_keras(result.spec.backend)
        from mnistspec.execution import execute  # brings in the run half

        return execute(result, folder, import_seconds=seconds, narrator=narrator, command=command)
    finally:
        if narrator is not None:
            narrator.close()
        if not (folder / "history.csv").exists():
            discard(folder)
