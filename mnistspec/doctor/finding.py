"""What a check of this installation found, and what all findings together mean: `Finding` and `Report`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, field
from typing import Any, Literal

from mnistspec.frozen import dataclass

Status = Literal["ok", "note", "missing", "broken"]
Stops = Literal["run", "gpu", "nothing"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    `says` is a sentence for a person and `detail` the facts behind it, plain enough for JSON. `next` is what to type,
    and what is missing or broken always has one. `stops` is what cannot be done because of it: `run` (no training at
    all), `gpu` (no training on the GPU) or `nothing`; it counts only when something is missing or broken.

    Raises: ValueError when a missing or broken thing comes without a next command.
    """

    check: str
    status: Status
    says: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    next: str | None = None
    stops: Stops = "run"

    def __post_init__(self) -> None:
        if self.is_fault and self.next is None:
            raise ValueError(f"the finding {self.check!r} is {self.status} and names no next command")

    @property
    def is_fault(self) -> bool:
        return self.status in ("missing", "broken")


@dataclass(frozen=True)
class Part:
    """Findings that are shown together under one title."""

    title: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Report:
    """Everything that was found. With `gpu_demanded`, what stops the GPU counts as much as what stops a run.

    `trains_on` names the devices that a run on `backend` will use; unless `measured`, they were seen and no more.
    """

    parts: tuple[Part, ...]
    gpu_demanded: bool = False
    trains_on: tuple[str, ...] = ()
    measured: bool = False
    backend: str = "tensorflow"

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for part in self.parts for finding in part.findings)

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The findings that make the exit code 1."""
        counted = {"run", "gpu"} if self.gpu_demanded else {"run"}
        return tuple(finding for finding in self.findings if finding.is_fault and finding.stops in counted)

    @property
    def unused_gpu(self) -> tuple[Finding, ...]:
        """The findings that keep a GPU from being used."""
        return tuple(finding for finding in self.findings if finding.is_fault and finding.stops == "gpu")

    @property
    def ok(self) -> bool:
        return not self.faults

    @property
    def exit_code(self) -> int:
        return 0 if self.ok else 1

    @property
    def next_commands(self) -> tuple[str, ...]:
        """What to type, each command once: first what stops something, then the rest."""
        order = (*self.faults, *(f for f in self.findings if f.is_fault), *self.findings)
        return tuple(dict.fromkeys(finding.next for finding in order if finding.next is not None))

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "exit_code": self.exit_code,
            "gpu_demanded": self.gpu_demanded,
            "backend": self.backend,
            "trains_on": list(self.trains_on),
            "measured": self.measured,
            "findings": [{"part": part.title, **asdict(finding)} for part in self.parts for finding in part.findings],
            "next": list(self.next_commands),
        }
