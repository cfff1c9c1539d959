"""The checker inside one process: specs a second, and how time and memory grow with the number of layers."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import mnistspec

SPECS = sorted((Path(__file__).resolve().parent.parent / "specs").glob("*.yaml"))
_SIZES = (1_000, 10_000, 20_000)


def layers(count: int) -> str:
    """A spec of so many layers."""
    head = "mnistspec: 1\nmodel:\n  kind: functional\n  input: [8]\n  layers:\n"
    return head + "    - Dense: {units: 8, activation: relu}\n" * count


def main() -> None:
    """Prints specs a second, then seconds and memory by the number of layers, each in a process of its own."""
    print("inside one process, shapes and lints included")
    print(f"  {len(SPECS)} typical specs, in turn             {_specs_a_second():8.0f} specs a second")
    for size in _SIZES:
        command = [sys.executable, "-m", "benchmarks.in_process", str(size)]
        runs = [subprocess.run(command, check=True, capture_output=True, text=True).stdout.split() for _ in range(5)]
        seconds, megabytes = (statistics.median(float(run[place]) for run in runs) for place in (0, 1))
        each = f"{1e6 * seconds / size:5.0f} µs and {1e3 * megabytes / size:4.1f} kB a layer"
        print(f"  {size:6,} layers {seconds:25.3f} s, {megabytes:6.1f} MB; {each}")


def _specs_a_second() -> float:
    """By the median of 50 rounds over all specs, on the processor's clock."""
    rounds: list[float] = []
    for _ in range(50):
        started = time.process_time()
        for spec in SPECS:
            assert mnistspec.check(spec).ok
        rounds.append(time.process_time() - started)
    return len(SPECS) / statistics.median(rounds)


def _measure(count: int) -> str:
    """Seconds of the processor for one check of so many layers, and by how many megabytes the peak of memory rose."""
    text = layers(count)
    assert mnistspec.check(SPECS[0]).ok
    before, started = _peak(), time.process_time()
    assert mnistspec.check(text).ok
    return f"{time.process_time() - started} {_peak() - before}"


def _peak() -> float:
    """The most memory that this process has had, in megabytes (macOS counts in bytes, Linux in kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    print(_measure(int(sys.argv[1])))
