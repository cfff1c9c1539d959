"""Runs the benchmarks and prints their figures."""

from __future__ import annotations

import argparse

from benchmarks import checking, streaming, training, whole_command

_BENCHMARKS = {
    "checking": checking.main,
    "whole_command": whole_command.main,
    "training": training.main,
    "streaming": streaming.main,
}


def main() -> None:
    """Prints the tables of the benchmarks named, or of all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Medians over interleaved runs.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{' or '.join(_BENCHMARKS)}; none for all")
    names = parser.parse_args().names or list(_BENCHMARKS)
    for unknown in sorted(set(names) - _BENCHMARKS.keys()):
        parser.error(f"there is no benchmark `{unknown}`; there are {', '.join(_BENCHMARKS)}")
    for name in names:
        _BENCHMARKS[name]()
        print()


if __name__ == "__main__":
    main()
