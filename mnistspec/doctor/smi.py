"""What `nvidia-smi` says of the driver and the GPUs, read from its own output.

The fields are those of `nvidia-smi --help-query-gpu`; the highest CUDA version that the driver can run stands only in
the header of the plain output.
"""

from __future__ import annotations

import re
from typing import Literal

from mnistspec.doctor.commands import Ran, Runner
from mnistspec.frozen import dataclass

PROGRAMS = ("nvidia-smi", "/usr/lib/wsl/lib/nvidia-smi")  # under WSL the second is often missing from the PATH
TIMEOUT_SECONDS = 30.0
FIELDS = ("index", "name", "driver_version", "memory.total", "memory.free", "compute_cap", "mig.mode.current")
OLD_FIELDS: tuple[str, ...] = FIELDS[:5]  # drivers before 2021 refuse a query that names one of the others
_CUDA = re.compile(r"CUDA(?: UMD)? Version\s*:\s*(\d+\.\d+)")
_MIG_INSTANCE = re.compile(r"^\s+MIG\s+(\S+)\s+Device", re.MULTILINE)


@dataclass(frozen=True)
class Gpu:
    """One GPU as the driver sees it; memory in MiB, `capability` as (major, minor), None where not told."""

    index: int
    name: str
    driver: str
    memory_mib: int | None = None
    free_mib: int | None = None
    capability: tuple[int, int] | None = None
    mig: bool = False


@dataclass(frozen=True)
class Smi:
    """The driver's answer. `said` holds its words when it failed; `cuda` is the highest version the driver runs."""

    state: Literal["answered", "absent", "failed", "timeout"]
    gpus: tuple[Gpu, ...] = ()
    cuda: str | None = None
    mig_instances: tuple[str, ...] = ()
    said: str = ""

    @property
    def driver(self) -> str | None:
        return self.gpus[0].driver if self.gpus else None


def ask(run: Runner) -> Smi:
    """Ask `nvidia-smi`; never raises, whatever state the driver is in."""
    for program in PROGRAMS:
        answer = _query(run, program, FIELDS)
        if answer.ended == "itself":
            return _read(run, program, answer)
        if answer.ended == "timeout":
            return Smi("timeout", said=answer.said)
    return Smi("absent")


def _query(run: Runner, program: str, fields: tuple[str, ...]) -> Ran:
    return run((program, f"--query-gpu={','.join(fields)}", "--format=csv,noheader,nounits"), TIMEOUT_SECONDS)


def _read(run: Runner, program: str, answer: Ran) -> Smi:
    fields: tuple[str, ...] = FIELDS
    if "not a valid field" in answer.said:
        fields, answer = OLD_FIELDS, _query(run, program, OLD_FIELDS)
    gpus = parse_gpus(answer.out, fields) if answer.ok else ()
    if not gpus:
        return Smi("failed", said=answer.said)
    header = run((program,), TIMEOUT_SECONDS).out
    listing = run((program, "-L"), TIMEOUT_SECONDS).out if any(gpu.mig for gpu in gpus) else ""
    return Smi("answered", gpus, parse_cuda(header), parse_mig(listing))


def parse_gpus(text: str, fields: tuple[str, ...] = FIELDS) -> tuple[Gpu, ...]:
    """The GPUs in a csv answer without header and units; lines of another form are left out."""
    rows = [[cell.strip() for cell in line.split(",")] for line in text.splitlines()]
    return tuple(
        _gpu(dict(zip(fields, row, strict=True))) for row in rows if len(row) == len(fields) and row[0].isdigit()
    )


def parse_cuda(header: str) -> str | None:
    """The CUDA version in the plain output's header; None where it says N/A, as in containers without `compute`."""
    found = _CUDA.search(header)
    return found.group(1) if found else None


def parse_mig(listing: str) -> tuple[str, ...]:
    """The profiles of the MIG instances that `nvidia-smi -L` lists, such as `3g.40gb`."""
    return tuple(_MIG_INSTANCE.findall(listing))


def _gpu(cells: dict[str, str]) -> Gpu:
    return Gpu(
        index=int(cells["index"]),
        name=cells["name"],
        driver=cells["driver_version"],
        memory_mib=_whole(cells["memory.total"]),
        free_mib=_whole(cells["memory.free"]),
        capability=_capability(cells.get("compute_cap", "")),
        mig=cells.get("mig.mode.current") == "Enabled",
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def _capability(text: str) -> tuple[int, int] | None:
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if major.isdigit() and minor.isdigit() else None
