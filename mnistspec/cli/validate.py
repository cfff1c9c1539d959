"""`mnistspec validate`: are these specs in order?"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

from mnistspec.cli.declared import Option
from mnistspec.cli.inputs import find_inputs
from mnistspec.cli.options import (
    AllowCode,
    AllowEnv,
    Settings,
    SpecPaths,
    checked,
    checked_all,
    one_of,
    show_diagnostics,
    tell_unread,
    wants_colour,
)
from mnistspec.cli.sharing import checked_by_all
from mnistspec.cli.writing import write_file
from mnistspec.diagnostics import UsageError
from mnistspec.formats import FOR_PEOPLE, FORMATS, Checked, Findings, formatted
from mnistspec.pipeline import CheckResult


def validate(
    specs: SpecPaths,
    settings: Settings = None,
    format: Annotated[
        str | None, Option("--format", f"{', '.join(FORMATS)}; default: text, inside GitHub Actions github.")
    ] = None,
    output: Annotated[
        str | None, Option("--output", "A file for that form; the findings are still printed for people.")
    ] = None,
    fix: Annotated[bool, Option("--fix", "Mend what is certain, in the file; - prints the text.")] = False,
    diff: Annotated[bool, Option("--diff", "Show what --fix would change, and change nothing.")] = False,
    strict: Annotated[bool, Option("--strict", "Exit with 1 for warnings too.")] = False,
    allow_env: AllowEnv = False,
    allow_code: AllowCode = False,
) -> int:
    """Check specs completely, without Keras: form, names, shapes, and mistakes in the training.

    A folder stands for the specs in it and below, a pattern such as 'specs/**/*.yaml' for the files that fit.
    Exits with 0 when all are in order, 1 when one is wrong, 2 when one could not be read; after --fix by what is left,
    with --diff also with 1 when there is something to fix.

    Example: mnistspec validate specs/ --format sarif --output mnistspec.sarif
    """
    printed = _printed(format, output)
    # The fixed text of standard input, and a difference, have standard output to themselves.
    aside = diff or (fix and "-" in specs)
    found = 0

    def check(path: str) -> CheckResult:
        nonlocal found
        if not (fix or diff):
            return checked(path, settings, allow_env=allow_env, allow_code=allow_code)
        from mnistspec.cli.fixing import fixed

        told_aside = aside or printed not in FOR_PEOPLE
        mended = fixed(path, settings, allow_env=allow_env, allow_code=allow_code, diff=diff, told_aside=told_aside)
        found += mended.count
        return mended.result

    # What writes files, and what may run the user's own code, is done once and in order.
    findings = _findings(specs, check, strict=strict, alone=fix or diff or allow_code)
    tell_unread(findings.unread)
    if aside:
        show_diagnostics(findings.diagnostics)
    else:
        _print(printed, findings)
    if output is not None and format is not None:
        text = formatted(format, findings)
        write_file(Path(output), f"{text}\n" if text else "")
    return findings.exit_code or int(diff and found > 0)


def _printed(format: str | None, output: str | None) -> str:
    """The form to print. Raises: UsageError."""
    if format is not None:
        one_of(format, tuple(FORMATS), "--format")
    elif output is not None:
        raise UsageError("`--output` wants to know in which form: add `--format`, as in `--format sarif`")
    if format is not None and output is None:
        return format
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"


def _findings(specs: Sequence[str], check: Callable[[str], CheckResult], *, strict: bool, alone: bool) -> Findings:
    # Of a folder of specs only the findings are kept, not every tree and graph.
    inputs = find_inputs(specs)
    told = checked_by_all(inputs.paths, lambda path: check(path).diagnostics, alone=alone)
    results, unread = checked_all(inputs, told)
    checked = (Checked("<stdin>" if path == "-" else path, diagnostics) for path, diagnostics in results)
    return Findings(tuple(checked), tuple(unread), strict)


def _print(name: str, findings: Findings) -> None:
    """Prints for people as the terminal wants it, for programs always in UTF-8."""
    text = formatted(name, findings, colour=wants_colour(sys.stdout))
    if name not in FOR_PEOPLE:
        sys.stdout.flush()
        sys.stdout.buffer.write(f"{text}\n".encode())
        sys.stdout.buffer.flush()
    elif text:
        letters = sys.stdout.encoding or "utf-8"
        print(text.encode(letters, "backslashreplace").decode(letters), flush=True)
