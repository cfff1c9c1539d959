"""A run that did not come to its end: which one is meant, and whether it would go on as what it was."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from mnistspec.diagnostics import UsageError
from mnistspec.exporters.resolved import resolved_document, resolved_text
from mnistspec.frozen import dataclass
from mnistspec.pipeline import CheckResult
from mnistspec.runs.environment import versions
from mnistspec.runs.folder import INITIAL_WEIGHTS, digest_of
from mnistspec.runs.run import DamagedRecord, Run, looking_into, open_run
from mnistspec.runs.written import written_spec
from mnistspec.spec import Spec

# Where the learning rate is one of the spec's changes, it is not to be overruled by what was saved.
_OPTIMIZER = "compile.optimizer"
_RESOLVED = "resolved.yaml"
_STATES = "checkpoint/*.npz"
# The status of a run whose record is gone: nothing is known of it but what its other files say.
_LOST = "lost"


class CannotResume(UsageError):
    """The run would go on as something else than it was, or cannot go on; its folder is as it was."""


@dataclass(frozen=True)
class Resuming:
    """A run to go on with, what is no longer as it was, and whether that is accepted."""

    run: Run
    changed: tuple[str, ...]
    force: bool

    @property
    def new_optimizer(self) -> bool:
        return any(sentence.startswith(f"`{_OPTIMIZER}") for sentence in self.changed)

    def spec_is_kept(self) -> bool:
        """Whether the spec that the run wrote lies in its folder as it was written."""
        return _is_kept(self.run)

    def require(self, *more: str) -> None:
        """Raises: CannotResume where something differs and that is not accepted."""
        differences = (*self.changed, *more)
        if differences and not self.force:
            told = "; ".join(differences)
            raise CannotResume(f"`{self.run.folder}` would not go on as it was: {told}. `--force` goes on all the same")


def run_to_resume(path: Path, out: Path) -> Run:
    """The run in a folder; a folder of runs, or a name of one under `out`, means the newest in it.

    Raises: UsageError where there is none.
    """
    with looking_into(path):
        found = path if path.exists() else out / path
        if not found.is_dir():
            raise UsageError(f"there is no run `{path}`, nor `{found}`")
        if _is_run(found):
            return reopened(found)
        numbered = [entry for entry in found.iterdir() if entry.name.isdecimal() and _is_run(entry)]
        return reopened(max(numbered, key=lambda entry: int(entry.name), default=found))


def _is_run(folder: Path) -> bool:
    return (folder / "run.json").is_file() or any(folder.glob(_STATES))


def reopened(folder: Path) -> Run:
    """The run in a folder. Where its record is gone or damaged, its saved states and its spec are still to go on from.

    Raises: UsageError where there is none.
    """
    try:
        return open_run(folder)
    except DamagedRecord:
        if not any(folder.glob(_STATES)):
            raise
    except UsageError:
        if (folder / "run.json").exists() or not any(folder.glob(_STATES)):
            raise
    weights = folder / INITIAL_WEIGHTS
    return Run(folder, {"status": _LOST} | ({"initial_weights": digest_of(weights)} if weights.is_file() else {}))


def _is_lost(run: Run) -> bool:
    return bool(run.record.get("status") == _LOST)


def number_of(run: Run) -> int:
    """A run's number; 0 for one that was given another name and has lost its record."""
    return run.record.get("number") or int(run.folder.name if run.folder.name.isdecimal() else 0)


def is_whole(run: Run) -> bool:
    """Whether a run finished, down to the digests that are written last."""
    return run.record.get("status") == "finished" and "artifacts" in run.record


def changes(run: Run, result: CheckResult) -> tuple[str, ...]:
    """What differs between a run and going on with it now by a spec: its settings, and the versions of packages.

    Raises: UsageError where the seed that the run had is lost.
    """
    if _is_lost(run):
        assert result.spec is not None
        if result.spec.seed is None:
            raise UsageError(
                f"nothing in `{run.folder}` tells the seed that was drawn; give the spec one: `--set seed=N`"
            )
        lost = "`run.json` is gone or damaged, so that nothing tells whether data and versions are what they were"
        return (lost, *_changed_spec(run, result))
    return (*_changed_spec(run, result), *_changed_versions(run))


def require_written_spec(run: Run) -> None:
    """Raises: UsageError where the spec that the run wrote is not there to go on by."""
    if _is_kept(run):
        return
    path = run.folder / _RESOLVED
    try:
        written_spec(run.folder)
    except UsageError as error:
        what = "is damaged or may not be read" if path.exists() else "is not there to go on by"
        raise UsageError(f"`{path}` {what}; name the spec: `mnistspec run SPEC --resume {run.folder}`") from error


def changed_data(run: Run, digest: str) -> tuple[str, ...]:
    before = (run.record.get("data") or {}).get("digest")
    return () if before in (None, digest) else ("the data are not the same: their digest differs",)


def _changed_spec(run: Run, result: CheckResult) -> tuple[str, ...]:
    """What the spec says otherwise than the run's. Where that is gone or damaged, its digest can still tell."""
    try:
        told = () if _is_kept(run) else (f"`{_RESOLVED}` was changed since it was written",)
        return (*told, *_changed_settings(run, result))
    except UsageError:
        if _is_lost(run):
            return (f"`{_RESOLVED}` is gone or damaged",)
        same = run.record.get("resolved_sha256") == sha256(_resolved(run, result).encode()).hexdigest()
        return () if same else (f"`{_RESOLVED}` is gone or damaged, and was written from another spec",)


def _is_kept(run: Run) -> bool:
    path = run.folder / _RESOLVED
    if not os.access(path, os.R_OK):
        return False
    return path.is_file() and run.record.get("resolved_sha256") in (None, digest_of(path)["sha256"])


def _resolved(run: Run, result: CheckResult) -> str:
    assert result.spec is not None and result.graph is not None
    return resolved_text(result.spec, result.graph.graph, seed=_seed(run, result.spec), folder=run.folder)


def _seed(run: Run, spec: Spec) -> int:
    return spec.seed if spec.seed is not None else int(run.record["seed"])


def _changed_settings(run: Run, result: CheckResult) -> tuple[str, ...]:
    before, now = (_flat(_document(run, one)) for one in (written_spec(run.folder), result))
    names = dict.fromkeys((*before, *now))
    missing = object()
    return tuple(
        f"`{name}` was {_shown(before.get(name, missing))} and is {_shown(now.get(name, missing))}"
        for name in names
        if before.get(name, missing) != now.get(name, missing)
    )


def _document(run: Run, result: CheckResult) -> dict[str, Any]:
    assert result.spec is not None and result.graph is not None
    return resolved_document(result.spec, result.graph.graph, seed=_seed(run, result.spec), folder=run.folder)


def _flat(value: Any) -> dict[str, Any]:
    """The leaves of nested maps and lists by their path, as `--set` writes it."""
    return dict(_leaves(value, ""))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    inside: Sequence[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        inside = list(value.items())
    elif isinstance(value, list | tuple):
        inside = list(enumerate(value))
    if not inside:
        yield path, value
    for name, one in inside:
        yield from _leaves(one, f"{path}.{name}" if path else str(name))


def _shown(value: Any) -> str:
    return f"`{value}`" if isinstance(value, str | int | float | bool | list | dict | None) else "absent"


def _changed_versions(run: Run) -> tuple[str, ...]:
    before: Mapping[str, str] = run.record.get("versions") or {}
    now = versions()
    return tuple(
        f"{name} was {before.get(name, 'absent')} and is {now.get(name, 'absent')}"
        for name in dict.fromkeys((*before, *now))
        if before.get(name) != now.get(name)
    )
