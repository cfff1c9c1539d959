"""`mnistspec verify`: a recorded run once more, and whether the same bits came out."""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mnistspec.cli.extras import run_half
from mnistspec.cli.options import AllowCode, valid
from mnistspec.diagnostics import UsageError
from mnistspec.running import start
from mnistspec.runs.folder import INITIAL_WEIGHTS
from mnistspec.runs.resuming import is_whole
from mnistspec.runs.run import Run, open_run

if TYPE_CHECKING:
    from mnistspec.runs.comparison import Comparison

# What says nothing about the bits need not be made again.
_LESS = ("outputs.report=[]", "outputs.export=[]")
_SHOWN = 5


def verify(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder; of a folder of runs, the newest.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False,
    allow_code: AllowCode = False,
) -> int:
    """Run a recorded spec again, in a folder for the moment, and say whether the same bits came out.

    Compared are the history, weights and predictions, and where they differ, what the two ran on. Exits with 0 when
    they are the same, 3 when they are not, 2 when the run cannot be used.

    Example: mnistspec verify runs/mnist-mlp/001
    """
    opened = open_run(run)
    if not is_whole(opened):
        raise UsageError(f"`{opened.folder}` did not finish, so that there is nothing to hold a second run against")
    with run_half():
        from mnistspec.runs.comparison import compare
    with tempfile.TemporaryDirectory(prefix="mnistspec-") as folder, redirect_stdout(sys.stderr):
        found = compare(opened, _again(opened, Path(folder), allow_code=allow_code))
    print(_as_json(opened, found) if as_json else _as_text(opened, found))
    return 0 if found.identical else 3


def _again(run: Run, out: Path, *, allow_code: bool) -> Run:
    from mnistspec.cli.console import Console

    spec = run.folder / "resolved.yaml"
    if not spec.is_file():
        raise UsageError(f"`{spec}` is gone, and without it nobody knows what to run again")
    result = valid(str(spec), (*_LESS, *_threads(run)), allow_code=allow_code, quiet=True)
    console = Console(quiet=False, stream=sys.stderr)
    weights = run.folder / INITIAL_WEIGHTS if "initial_weights" in run.record else None
    return start(result, out, weights=weights, narrator=console, command=("mnistspec", *sys.argv[1:]))


def _threads(run: Run) -> tuple[str, ...]:
    """On a machine of other cores, too, sums are to be divided as they were."""
    fixed = run.record.get("deterministic") and isinstance(run.record.get("threads"), int)
    return (f"threads={run.record['threads']}",) if fixed else ()


def _as_json(run: Run, found: Comparison) -> str:
    data = {"run": str(run.folder), "identical": found.identical, **asdict(found)}
    return json.dumps(data, indent=2, ensure_ascii=False)


def _as_text(run: Run, found: Comparison) -> str:
    changed = [_changed(run, name) for name in found.changed]
    if found.identical:
        return "\n".join([f"{run.folder}: the same bits came out in {_listed(found.compared)}", *changed])
    lines = [f"{run.folder}: other bits came out"]
    if found.epoch is not None:
        lines.append(f"the history differs from epoch {found.epoch} on")
    for what, names in (("weights", found.weights), ("predictions", found.predictions)):
        if names:
            differ = "array of the {} differs" if len(names) == 1 else "arrays of the {} differ"
            lines.append(f"{len(names)} {differ.format(what)}: {_some(names)}")
    lines += changed
    if not found.changed and not found.environment:
        lines.append("nothing that is recorded of the environment differs")
    lines += found.environment
    if not run.record.get("deterministic"):
        lines.append("the spec does not say `deterministic: true`, without which the same bits are not promised")
    return "\n".join(lines)


def _changed(run: Run, name: str) -> str:
    gone = not (run.folder / name).exists()
    return f"`{name}` {'is gone' if gone else 'was changed'} since the run wrote it"


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_SHOWN]) + (" and others" if len(names) > _SHOWN else "")
