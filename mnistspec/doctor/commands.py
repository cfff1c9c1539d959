"""Running another program and keeping what it said, without ever raising."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from mnistspec.frozen import dataclass


@dataclass(frozen=True)
class Ran:
    """What came of a command. `code` is negative where a signal ended it, and None unless it `ended` by itself."""

    ended: Literal["itself", "absent", "timeout"]
    code: int | None = None
    out: str = ""
    err: str = ""

    @property
    def ok(self) -> bool:
        return self.code == 0

    @property
    def said(self) -> str:
        """Both streams together: programs disagree on which one an error belongs to."""
        return "\n".join(text.strip() for text in (self.out, self.err) if text.strip())


Runner = Callable[[Sequence[str], float], Ran]


def run(command: Sequence[str], timeout: float, environment: Mapping[str, str] | None = None) -> Ran:
    """Run a command for at most `timeout` seconds, with no input; `environment` replaces the whole environment."""
    try:
        done = subprocess.run(
            list(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            env=dict(environment) if environment is not None else None,
            check=False,
        )
    except OSError as error:
        return Ran("absent", err=str(error))
    except subprocess.TimeoutExpired as error:
        return Ran("timeout", out=_text(error.stdout), err=_text(error.stderr))
    return Ran("itself", done.returncode, done.stdout, done.stderr)


def _text(partial: bytes | str | None) -> str:
    """What a timeout hands over: bytes on some systems even where text was asked for."""
    return partial.decode(errors="replace") if isinstance(partial, bytes) else partial or ""
