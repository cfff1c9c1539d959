"""The command `mnistspec doctor`."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mnistspec.backend import BACKENDS
from mnistspec.cli.options import one_of
from mnistspec.doctor import NAMES, Finding, Part, Report, examine, this_machine

COLOURS = {"ok": "green", "note": "yellow", "missing": "bold red", "broken": "bold red"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object with every detail.")] = False,
    gpu: Annotated[bool, typer.Option("--gpu", help="Demand a GPU that trains: exit 1 without one.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="List the devices without measuring on them.")] = False,
    backend: Annotated[str | None, typer.Option("--backend", help="Judge tensorflow, jax or torch.")] = None,
) -> None:
    """Will it run here, on what, and if not, what to type.

    Looks at Python, the packages and whether they fit together, the processor, the NVIDIA driver, CUDA and cuDNN, and
    Keras' folder; then multiplies matrices and trains a small model on every device that TensorFlow sees, and trains on
    JAX and PyTorch where they are installed. Judged is the backend of `--backend` or KERAS_BACKEND, else TensorFlow, or
    what is installed in its place. Exit code 1 when something needed is missing or broken.

    Example: mnistspec doctor --gpu --json > doctor.json
    """
    if backend is not None:
        one_of(backend, BACKENDS, "--backend")
    report = _examined(gpu=gpu, measure=not quick, quiet=as_json, backend=backend)
    if as_json:
        typer.echo(json.dumps(report.as_json(), indent=2))
    else:
        _show(report, Console())
    raise typer.Exit(report.exit_code)


def _examined(*, gpu: bool, measure: bool, quiet: bool, backend: str | None) -> Report:
    waiting = Console(stderr=True, quiet=quiet)
    doing = "Starting Keras and measuring ..." if measure else "Starting Keras ..."
    with waiting.status(doing, spinner="line"):
        return examine(this_machine(measure, backend), gpu=gpu)


def _show(report: Report, console: Console) -> None:
    width = max(len(finding.check) for finding in report.findings)
    for part in report.parts:
        if part.findings:
            console.print(Text(part.title, style="bold"))
            console.print(_table(part, width) if console.is_terminal else _lines(part, width), soft_wrap=True)
            console.print()
    _show_next(report, console)
    console.print(_verdict(report), soft_wrap=True)


def _table(part: Part, width: int) -> RenderableType:
    """A part on a terminal: what is said folds within its own column."""
    table = Table.grid(padding=(0, 1))
    for column in (len("missing"), width):
        table.add_column(width=column, no_wrap=True)
    table.add_column(overflow="fold")
    for finding in part.findings:
        table.add_row(_status(finding), Text(finding.check), Text(finding.says))
    return Padding(table, (0, 0, 0, 2))


def _lines(part: Part, width: int) -> RenderableType:
    """A part in a file or a pipe: one line a finding, whatever its length, so that `grep` finds all of it."""
    return Text("\n").join(
        Text(f"  {finding.status:<7} {finding.check:<{width}} {finding.says}") for finding in part.findings
    )


def _status(finding: Finding) -> Text:
    return Text(finding.status, style=COLOURS[finding.status])


def _show_next(report: Report, console: Console) -> None:
    """The commands stand on lines of their own, never folded: they are there to be copied."""
    if not report.next_commands:
        return
    console.print(Text("Type this:", style="bold"))
    for command in report.next_commands:
        console.print(Text(f"  {command}", style="cyan"), soft_wrap=True)
    console.print()


def _verdict(report: Report) -> Text:
    """The last line: will it run, and on what."""
    if not report.ok:
        wanted = "train on a GPU" if report.gpu_demanded else "train"
        return Text(f"Not ready to {wanted}: {_names(report.faults)}.", style="bold red")
    name = NAMES[report.backend]
    devices = f"{', '.join(report.trains_on)}{'' if report.backend == 'tensorflow' else f' with {name}'}"
    unused = f" No GPU is used: {_names(report.unused_gpu)}." if report.unused_gpu else ""
    if not report.measured:
        return Text(
            f"{name} starts and sees {', '.join(report.trains_on)}; nothing was measured.{unused}", style="bold yellow"
        )
    return Text(f"Ready to train on {devices}.{unused}", style="bold green")


def _names(findings: tuple[Finding, ...]) -> str:
    return ", ".join(dict.fromkeys(finding.check for finding in findings))
