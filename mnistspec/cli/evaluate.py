"""`mnistspec evaluate`: a run's model measured again, on its own data or on others."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mnistspec.cli.extras import run_half
from mnistspec.cli.options import AllowCode, one_of
from mnistspec.cli.tables import Column, table
from mnistspec.runs.run import open_run

if TYPE_CHECKING:
    from mnistspec.runs.evaluation import Evaluation

_SPLITS = ("test", "validation", "train")


def evaluate(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder; of a folder of runs, the newest.")],
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", help="Labelled examples: an .npz, a .csv, or a folder with a folder of pictures a class."
        ),
    ] = None,
    split: Annotated[str, typer.Option("--split", help="Of the run's own data: test, validation or train.")] = "test",
    batch_size: Annotated[int | None, typer.Option("--batch-size", min=1, help="Examples at a time.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")] = False,
    allow_code: AllowCode = False,
) -> None:
    """Measure a run's model again, on the run's own data or on other labelled examples, prepared as the run did.

    Says so when the data is no longer what the run was trained on. Exits with 2 when the run or data cannot be used.

    Example: mnistspec evaluate runs/mnist-mlp/001 --data mine.npz
    """
    one_of(split, _SPLITS, "--split")
    opened = open_run(run, allow_code=allow_code)
    with run_half():
        from mnistspec.runs.evaluation import evaluate_run
    result = evaluate_run(opened, split=split, data=data, batch_size=batch_size, say=_say)
    typer.echo(_as_json(result) if as_json else _as_table(result))
    for note in result.notes:
        _say(f"note: {note}")


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _as_json(result: Evaluation) -> str:
    metrics = {name: value if math.isfinite(value) else None for name, value in result.metrics.items()}
    data = {"run": str(result.run), "data": result.data, "examples": result.examples, "metrics": metrics}
    return json.dumps({**data, "notes": list(result.notes)}, indent=2, ensure_ascii=False)


def _as_table(result: Evaluation) -> str:
    columns = [Column("metric"), Column("value", right=True)]
    rows = [[name, f"{value:.4f}"] for name, value in result.metrics.items()]
    if result.before:
        columns.append(Column("in the run", right=True))
        rows = [[*row, f"{result.before[row[0]]:.4f}" if row[0] in result.before else ""] for row in rows]
    return f"{result.run} on {result.data}: {result.examples:,} examples\n\n{table(columns, rows)}"
