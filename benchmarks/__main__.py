"""Runs the benchmarks and prints their figures."""

from __future__ import annotations

import argparse
from functools import partial

from benchmarks import checking, every_spec, streaming, training, whole_command

_NAMES = ("checking", "whole_command", "training", "every_spec", "streaming")


def main() -> None:
    """Prints the tables of the benchmarks named, or of all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Medians over interleaved runs.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{' or '.join(_NAMES)}; none for all")
    told = f"for `training`: one of {', '.join(training.BACKENDS)}; may stand several times"
    parser.add_argument("--backend", action="append", choices=training.BACKENDS, metavar="NAME", help=told)
    asked = parser.parse_args()
    names = asked.names or _NAMES
    for unknown in sorted(set(names) - set(_NAMES)):
        parser.error(f"there is no benchmark `{unknown}`; there are {', '.join(_NAMES)}")
    backends = asked.backend or training.BACKENDS[:1]
    benchmarks = {
        "checking": checking.main,
        "whole_command": whole_command.main,
        "training": partial(training.main, backends),
        "every_spec": every_spec.main,
        "streaming": streaming.main,
    }
    for name in names:
        benchmarks[name]()
        print()


if __name__ == "__main__":
    main()
