"""Is there room: memory for TensorFlow and a data set, disk for the runs and the data sets?"""

from __future__ import annotations

import re
from pathlib import Path

from mnistspec.doctor.cache import keras_home
from mnistspec.doctor.finding import Finding
from mnistspec.doctor.machine import Machine

GIB = 2**30
# TensorFlow alone holds about 0.6 GiB after an import (measured); MNIST as float32 is another 0.2 GiB.
LITTLE_MEMORY = 2 * GIB
LITTLE_DISK = 1 * GIB


def check(machine: Machine) -> tuple[Finding, ...]:
    return (_memory(machine), *_disks(machine))


def _memory(machine: Machine) -> Finding:
    total, available = read_meminfo(machine.read("/proc/meminfo") or "")
    limit = container_limit(machine)
    room = min((amount for amount in (available, limit) if amount is not None), default=None)
    peak = machine.probed.facts.get("peak_bytes")
    detail = {"total_bytes": total, "available_bytes": available, "container_bytes": limit, "probe_peak_bytes": peak}
    if room is None:
        return Finding("memory", "note", f"how much memory there is cannot be told on {machine.system}", detail)
    says = f"{room / GIB:.1f} GiB may be used"
    if room < LITTLE_MEMORY:
        return Finding("memory", "note", f"{says}: little for TensorFlow and a data set; use `limit` in `data`", detail)
    return Finding("memory", "ok", says, detail)


def _disks(machine: Machine) -> tuple[Finding, ...]:
    folders = {"disk for runs": Path.cwd(), "disk for data sets": keras_home(machine)}
    return tuple(_disk(machine, check, folder) for check, folder in folders.items())


def _disk(machine: Machine, check: str, folder: Path) -> Finding:
    free = machine.disk_free(folder)
    detail = {"folder": str(folder), "free_bytes": free}
    if free is None:
        return Finding(check, "note", f"how much room {folder} has cannot be told", detail)
    return Finding(check, "note" if free < LITTLE_DISK else "ok", f"{free / GIB:.1f} GiB free in {folder}", detail)


def read_meminfo(text: str) -> tuple[int | None, int | None]:
    """Total and available bytes in `/proc/meminfo`."""
    amounts = dict(re.findall(r"^(MemTotal|MemAvailable):\s+(\d+) kB", text, re.MULTILINE))
    total, available = amounts.get("MemTotal"), amounts.get("MemAvailable")
    return int(total) * 1024 if total else None, int(available) * 1024 if available else None


def container_limit(machine: Machine) -> int | None:
    """The memory that a container may use (bytes), from cgroup version 2 or 1; None for no limit."""
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        text = (machine.read(path) or "").strip()
        if text.isdigit() and int(text) < 2**60:  # version 1 writes a huge number for no limit
            return int(text)
    return None
