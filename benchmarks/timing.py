"""Whole processes timed in turn: A B A B ..., so that a slow spell of the machine strikes both."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence


def interleaved(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, float]:
    """The median seconds of each command over so many rounds, after one that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for round_number in range(rounds + 1):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if round_number:
                seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) for name, values in seconds.items()}


def print_medians(title: str, medians: Mapping[str, float], against: str) -> None:
    """One line a command: its median, and how many times the other's it is."""
    print(title)
    for name, seconds in medians.items():
        print(f"  {name:<34} {seconds:8.3f} s   {seconds / medians[against]:6.2f} x")
