"""What a run says of itself while it goes on: its record, its timings, and at the end its reports and digests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mnistspec.diagnostics import MnistspecError, OutputFailed, ProofFailed, RunFailed, first_line
from mnistspec.interruption import heed
from mnistspec.reports import write_reports
from mnistspec.runs.beginning import now
from mnistspec.runs.folder import digest_of, failure_of, write_json
from mnistspec.spec import FitSpec

CHECKPOINT = "checkpoint"  # the folder of a run's saved states


class Recording:
    """The record of one run (`run.json`), written whenever something is decided; `timings` are in seconds."""

    def __init__(self, folder: Path, timings: dict[str, float]) -> None:
        self.folder, self.timings = folder, timings
        self.record: dict[str, Any] = {}
        self.started = time.perf_counter()

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """A part of the run, its seconds added. Raises: KeyboardInterrupt where the part before has lost one."""
        heed()
        started = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = self.timings.get(name, 0.0) + time.perf_counter() - started

    def is_saved(self) -> bool:
        """Whether a state of the training lies in the folder, to go on from."""
        return any((self.folder / CHECKPOINT).glob("*.npz"))

    def way_on(self, fit: FitSpec) -> str:
        again = f"`mnistspec run --resume {self.folder}`"
        if self.is_saved():
            return f"{again} takes it up again"
        why = "as `checkpoint: null` has it" if fit.checkpoint is None else "so far"
        return f"no state of the training was saved, {why}: {again} trains anew"

    def failure(self) -> RunFailed | ProofFailed | None:
        """What a run that came to its end is to say instead of having gone well."""
        unproven = [name for name, check in (self.record["verification"] or {}).items() if not check["identical"]]
        if unproven:
            return ProofFailed(
                f"{' and '.join(unproven)} in {self.folder}, loaded back, did not predict what the trained model did; "
                "run.json has the largest difference"
            )
        for name, export in self.record.get("exports", {}).items():
            if "error" in export:
                return RunFailed(
                    f"the export to {name} failed: {export['error']}; all the rest of the run lies in {self.folder}"
                )
        return None

    def report(self, status: str, forms: tuple[str, ...]) -> None:
        """Writes the record, the reports made from it, and the record again with their digests."""
        self.write_record(status)
        write_reports(self.folder, forms)
        self.record["artifacts"] = self.artifacts()
        self.write_record(status)

    def artifacts(self) -> dict[str, Any]:
        """Digest and size of every file of the run but its record and its checkpoints, which hold their own."""
        kept = self.folder / "run.json", self.folder / CHECKPOINT
        files = sorted(
            path for path in self.folder.rglob("*") if path.is_file() and path not in kept and path.parent not in kept
        )
        return {path.relative_to(self.folder).as_posix(): digest_of(path) for path in files}

    def write_record(self, status: str) -> None:
        self.timings["total"] = time.perf_counter() - self.started
        self.record |= {
            "status": status,
            "finished": None if status == "running" else now(),
            "timings": dict(self.timings),
        }
        write_json(self.folder / "run.json", self.record)


def unwritten(failure: RunFailed, folder: Path) -> OutputFailed | None:
    """What to say of a training that broke off since a callback could not write its file; None of any other."""
    error = failure.__cause__
    told = failure_of(error, Path(error.filename or folder)) if isinstance(error, OSError) else None
    return told if told is not None and told.ways else None


@contextmanager
def keras_failures(what: str) -> Iterator[None]:
    try:
        yield
    except MnistspecError:
        raise
    except Exception as error:
        # As in training: it is about the spec or its data, and --debug shows it whole.
        raise RunFailed(f"{what} failed: {first_line(error)}") from error
