"""Runs every benchmark and prints its figures."""

from __future__ import annotations

from benchmarks import checking, whole_command


def main() -> None:
    """Prints both tables."""
    checking.main()
    print()
    whole_command.main()


if __name__ == "__main__":
    main()
