"""Whole processes timed in turn: A B A B ..., so that a slow spell of the machine strikes both."""

from __future__ import annotations

import resource
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Medians of one command in seconds: by the clock, and of the processor (which other work disturbs less)."""

    wall: float
    processor: float


def interleaved(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Timing]:
    """The medians of each command over so many rounds, after one that does not count."""
    taken: dict[str, list[Timing]] = {name: [] for name in commands}
    for round_number in range(rounds + 1):
        for name, command in commands.items():
            timing = _timed(command)
            if round_number:
                taken[name].append(timing)
    return {name: _median(timings) for name, timings in taken.items()}


def _timed(command: Sequence[str]) -> Timing:
    before, started = _children(), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Timing(time.perf_counter() - started, _children() - before)


def _children() -> float:
    """Seconds of the processor that all processes started from here and ended have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _median(timings: Sequence[Timing]) -> Timing:
    return Timing(statistics.median(t.wall for t in timings), statistics.median(t.processor for t in timings))


def print_medians(title: str, medians: Mapping[str, Timing], against: str) -> None:
    """One line a command: its medians, and how many times the other's they are."""
    base = medians[against]
    print(f"{title}\n  {'':<34} {'clock':>8}              processor")
    for name, timing in medians.items():
        wall = f"{timing.wall:8.3f} s {timing.wall / base.wall:7.2f} x"
        print(f"  {name:<34} {wall}   {timing.processor:8.3f} s {timing.processor / base.processor:7.2f} x")
