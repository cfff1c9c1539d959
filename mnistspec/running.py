"""Starting a run, or going on with one: what can be refused is refused before Keras, which takes seconds to import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mnistspec.backend import import_keras, threads_in_use
from mnistspec.completeness import complete
from mnistspec.decisions.decision import Decision
from mnistspec.decisions.threads import threads
from mnistspec.diagnostics import UsageError
from mnistspec.disk import sweep
from mnistspec.exporters.deployment import require
from mnistspec.exporters.weights import check_weights
from mnistspec.memory import require_room_for_weights
from mnistspec.pipeline import CheckResult
from mnistspec.plan import Plan
from mnistspec.runs.beginning import begin, first_record, seeded
from mnistspec.runs.folder import discard, in_its_own_folder, new_folder, writing
from mnistspec.runs.lock import alone_in
from mnistspec.runs.resuming import Resuming, changes, is_whole, number_of, reopened
from mnistspec.runs.run import Run
from mnistspec.spec import Spec

if TYPE_CHECKING:
    from mnistspec.runs.narrator import Narrator


def start(
    result: CheckResult,
    out: Path,
    *,
    weights: Path | None = None,
    narrator: Narrator | None = None,
    command: tuple[str, ...] = ("mnistspec.run",),
) -> Run:
    """Runs a spec that is in order in a new folder under `out`; `weights` is a `.weights.h5` file to begin with.

    Raises: SpecInvalid when the spec lacks what a run needs; UsageError for weights that do not fit the model, or the
    machine; OutputFailed,
    MissingExtra, DataUnavailable, BadData, RunFailed, ProofFailed. A run that fails before it has learnt anything
    leaves no folder.
    """
    _require(result)
    if weights is not None:
        check_weights(weights)
    assert result.spec is not None
    folder = new_folder(out, result.spec.name)
    try:
        with alone_in(folder):
            plan, record = begin(result, folder, weights, command)
            return _execute(result, folder, plan, record, narrator, weights=weights)
    finally:
        if not (folder / "history.csv").exists() and not any(folder.glob("checkpoint/*.npz")):
            discard(folder)


def resume(
    run: Run, result: CheckResult, *, force: bool, narrator: Narrator | None = None, command: tuple[str, ...] = ()
) -> Run:
    """Goes on with a run that did not come to its end, in its own folder, by a spec that is in order.

    Raises: UsageError where the spec or a version differs and `force` is not given, or another process is at work
    there; whatever `start` raises. The folder stays whatever happens.
    """
    _require(result)
    with alone_in(run.folder):
        run = reopened(run.folder)  # another process may have been at work there since it was read
        if is_whole(run):
            return run
        resuming = Resuming(run, changes(run, result), force)
        resuming.require()
        with in_its_own_folder(), writing(run.folder):
            sweep(run.folder)
        plan, number = seeded(result, run.record), number_of(run)
        return _execute(result, run.folder, plan, first_record(result, plan, number, command), narrator, resuming)


def _require(result: CheckResult) -> None:
    """Raises: SpecInvalid, MissingExtra, UsageError where a run could not come to its end on this machine."""
    assert result.spec is not None and result.graph is not None
    complete(result.spec)
    require(result.spec.outputs.export)
    require_room_for_weights(result.graph, result.spec)


def _execute(
    result: CheckResult,
    folder: Path,
    plan: Plan,
    record: dict[str, Any],
    narrator: Narrator | None,
    resuming: Resuming | None = None,
    weights: Path | None = None,
) -> Run:
    assert result.spec is not None
    try:
        if narrator is not None:
            narrator.say(f"{result.spec.name}: checked; importing Keras on {result.spec.backend}")
        chosen = threads(result.spec, resuming.run.record.get("threads") if resuming is not None else None)
        seconds = _import(result.spec, chosen)
        from mnistspec.execution import execute  # brings in the run half

        return execute(
            result, folder, plan=plan, record=record, import_seconds=seconds, threads=chosen,
            narrator=narrator, resuming=resuming, weights=weights,
        )  # fmt: skip
    finally:
        if narrator is not None:
            narrator.close()


def _import(spec: Spec, chosen: Decision) -> float:
    """Keras, with the threads that were decided on; the seconds that took."""
    count = chosen.value if isinstance(chosen.value, int) else None
    seconds = import_keras(spec.backend, deterministic=spec.deterministic, threads=count)
    if spec.threads != "auto" and threads_in_use(spec.backend) != spec.threads:
        raise UsageError(
            f"{spec.backend} computes in this process already, not with {count} threads; start Python anew"
        )
    return seconds
