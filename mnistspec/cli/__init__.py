"""The command line, one command a file."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command line and exits: 0 clean, 1 the spec is wrong, 2 the command or the environment, 3 the run."""
    try:
        # Inside, so that being told to end finds an answer from the first moment on.
        from mnistspec.interruption import listen

        listen()
        from mnistspec.cli.calling import call

        code = call(sys.argv[1:])
    except KeyboardInterrupt:
        print("error: interrupted", file=sys.stderr)
        code = 3
    sys.exit(code)


def program() -> None:
    """The installed program: `main`, and then the process is left at once."""
    try:
        main()
    except SystemExit as ended:
        from mnistspec.cli.leaving import leave

        leave(int(ended.code or 0))


def __getattr__(name: str) -> object:
    if name == "app":
        from mnistspec.cli.calling import whole

        return whole()
    raise AttributeError(f"module 'mnistspec.cli' has no attribute '{name}'")
