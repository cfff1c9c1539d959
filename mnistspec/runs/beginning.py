"""What a run writes before Keras is imported, which takes seconds: killed then, it can be taken up like any other."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from mnistspec.exporters.resolved import resolved_text
from mnistspec.formats.json import as_data
from mnistspec.pipeline import CheckResult
from mnistspec.plan import Plan
from mnistspec.runs.environment import machine, versions
from mnistspec.runs.folder import INITIAL_WEIGHTS, digest_of, write_json, write_text, write_whole

FORMAT = 1


def now() -> str:
    """The time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seeded(result: CheckResult, before: Mapping[str, Any]) -> Plan:
    """The plan with a seed: the spec's, that of the run that goes on, or one that the system draws."""
    plan = result.plan()
    return plan if plan.seed is not None else replace(plan, seed=int(before.get("seed", secrets.randbits(32))))


def begin(
    result: CheckResult, folder: Path, weights: Path | None, command: tuple[str, ...]
) -> tuple[Plan, dict[str, Any]]:
    """Writes the spec and the weights to begin with into a new run's folder, and its record.

    Returns the plan with the seed that it is to have, and what was recorded. Raises: OutputFailed.
    """
    plan = seeded(result, {})
    record = {
        **first_record(result, plan, int(folder.name), command),
        **written_spec(result, plan, folder),
        **_kept_weights(folder, weights),
    }
    write_json(folder / "run.json", record)
    return plan, record


def first_record(result: CheckResult, plan: Plan, number: int, command: tuple[str, ...]) -> dict[str, Any]:
    """What is known before anything has run, and before Keras can say which devices there are."""
    spec = result.spec
    assert spec is not None
    return {
        "mnistspec": versions()["mnistspec"],
        "format": FORMAT,
        "name": spec.name,
        "number": number,
        "description": spec.description,
        "status": "running",
        "kind": plan.kind,
        "seed": plan.seed,
        "command": list(command),
        "started": now(),
        "finished": None,
        "metrics": {"train": None, "validation": None, "test": None},
        "timings": {},
        "versions": versions(),
        "backend": spec.backend,
        "devices": [],
        "machine": machine(),
        "deterministic": spec.deterministic,
        "precision": plan.precision,
        "warnings": [as_data(diagnostic) for diagnostic in result.diagnostics],
    }


def written_spec(result: CheckResult, plan: Plan, folder: Path) -> dict[str, Any]:
    """Writes the spec as it was written and as it is meant; returns what to record of it. Raises: OutputFailed."""
    assert result.spec is not None
    write_text(folder / "spec.yaml", result.spec.source.text)
    return written_resolved(result, plan, folder)


def written_resolved(result: CheckResult, plan: Plan, folder: Path) -> dict[str, Any]:
    """Writes the spec with every default spelled out; returns what to record of it. Raises: OutputFailed."""
    assert result.spec is not None and result.graph is not None
    resolved = folder / "resolved.yaml"
    write_text(resolved, resolved_text(result.spec, result.graph.graph, seed=plan.seed, folder=folder))
    return {"resolved_sha256": digest_of(resolved)["sha256"]}


def _kept_weights(folder: Path, weights: Path | None) -> dict[str, Any]:
    """The weights to begin with, in the folder too: a run that is taken up or verified begins with them again."""
    if weights is None:
        return {}
    kept = folder / INITIAL_WEIGHTS
    write_whole(kept, partial(shutil.copyfile, weights), size=weights.stat().st_size)
    return {"initial_weights": digest_of(kept)}
