"""The checker's speed: as a whole process, and specs a second inside one."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import mnistspec
from benchmarks.timing import interleaved, print_medians

ROUNDS = 7
_SPECS = sorted((Path(__file__).resolve().parent.parent / "specs").glob("*.yaml"))


def main() -> None:
    """Prints the medians of whole processes, then specs a second."""
    commands = {
        "an empty Python": [sys.executable, "-c", "pass"],
        "mnistspec validate, one spec": [sys.executable, "-m", "mnistspec", "validate", str(_SPECS[0])],
        "importing Keras": [sys.executable, "-c", "import keras"],
    }
    print_medians("checking, whole process", interleaved(commands, ROUNDS), "mnistspec validate, one spec")
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < 2:
        for spec in _SPECS:
            assert mnistspec.check(spec).ok
        count += len(_SPECS)
    print(f"  inside one process                 {count / (time.perf_counter() - started):8.0f} specs a second")


if __name__ == "__main__":
    main()
