"""What several commands share: options, reading specs, showing diagnostics."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeAlias, TypeVar

from mnistspec.cli.declared import Argument, Option
from mnistspec.cli.inputs import Inputs
from mnistspec.diagnostics import Diagnostic, Outcome, SpecInvalid, UsageError
from mnistspec.formats.findings import Unread
from mnistspec.formats.text import as_text, count_line
from mnistspec.formats.untrusted import one_line
from mnistspec.parse import MAX_BYTES, decode, read_source
from mnistspec.pipeline import CheckResult, check_source
from mnistspec.source import Source

T = TypeVar("T")

SpecPath: TypeAlias = Annotated[str, Argument("SPEC", "A spec file; - reads standard input.")]
SpecPaths: TypeAlias = Annotated[
    list[str], Argument("SPEC...", "Spec files, folders and patterns; - reads standard input.")
]
Settings: TypeAlias = Annotated[
    list[str] | None,
    Option("--set", "Change a value, as in fit.epochs=3 or vars.width=64; repeatable.", metavar="KEY=VALUE"),
]
AllowEnv: TypeAlias = Annotated[bool, Option("--allow-env", "Let the spec read ${env.NAME}.")]
AllowCode: TypeAlias = Annotated[
    bool, Option("--allow-code", "Let the spec name Python code, which may do anything on this machine once it runs.")
]


def read_spec(path: str) -> Outcome[Source]:
    """The spec's text from a file, or from standard input for `-`. Raises: UsageError."""
    if path == "-":
        return decode(standard_input(), "<stdin>")
    return read_source(Path(path), path)


def standard_input() -> bytes:
    """What standard input holds, up to one byte more than a spec may have. Raises: UsageError."""
    if sys.stdin is None:
        raise UsageError("`-` reads standard input, which is closed")
    try:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"standard input cannot be read: {error.strerror or error}") from error


def checked(
    path: str, settings: Sequence[str] | None, *, allow_env: bool = False, allow_code: bool = False
) -> CheckResult:
    """The spec at a path, checked. Raises: UsageError."""
    outcome = read_spec(path)
    if outcome.value is None:
        return CheckResult(Source("", path), outcome.diagnostics)
    return check_source(outcome.value, overrides=tuple(settings or ()), allow_env=allow_env, allow_code=allow_code)


def checked_all(inputs: Inputs, check: Callable[[str], T]) -> tuple[list[tuple[str, T]], list[Unread]]:
    """What `check` gives for each of these specs; and what could not be read, which stops no other."""
    results: list[tuple[str, T]] = []
    unread = list(inputs.unread)
    for path in inputs.paths:
        try:
            results.append((path, check(path)))
        except UsageError as error:
            unread.append(Unread(path, str(error)))
    return results, unread


def tell_unread(unread: Sequence[Unread]) -> None:
    """Says on standard error what could not be read."""
    for missing in unread:
        print(f"error: {one_line(missing.reason)}", file=sys.stderr)


def tell(text: str, *, err: bool = False, end: str = "\n") -> None:
    """Prints at once, on standard output or on standard error."""
    print(text, file=sys.stderr if err else sys.stdout, end=end, flush=True)


def wants_colour(stream: object) -> bool:
    """Whether a stream is a terminal that shows colours."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(getattr(stream, "isatty", lambda: False)()) and os.environ.get("TERM") != "dumb"


def show_diagnostics(diagnostics: Sequence[Diagnostic]) -> None:
    """Prints diagnostics for people on standard error."""
    if diagnostics:
        tell(as_text(diagnostics, colour=wants_colour(sys.stderr)), err=True)
        tell(f"\n{count_line(diagnostics)}", err=True)


def valid(
    path: str,
    settings: Sequence[str] | None,
    *,
    allow_env: bool = False,
    allow_code: bool = False,
    quiet: bool = False,
) -> CheckResult:
    """The spec, checked, its warnings shown. Raises: SpecInvalid, UsageError."""
    result = checked(path, settings, allow_env=allow_env, allow_code=allow_code)
    if not result.ok:
        raise SpecInvalid(result.diagnostics)
    if not quiet:
        show_diagnostics(result.diagnostics)
    return result


def one_of(value: str, allowed: Sequence[str], option: str) -> str:
    """The value, when it is one of those allowed. Raises: UsageError."""
    if value not in allowed:
        raise UsageError(f"`{option} {value}` is unknown; there are {', '.join(allowed)}")
    return value
