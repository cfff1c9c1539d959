"""`mnistspec predict`: what a run's model says of pictures and other input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mnistspec.cli.extras import run_half
from mnistspec.cli.options import AllowCode, one_of
from mnistspec.runs.run import open_run

if TYPE_CHECKING:
    from mnistspec.runs.inputs import Examples

# One form for each of `cli.answers.FORMS`, which needs NumPy.
_FORMATS = ("table", "json", "csv")
_INVERT = ("auto", "yes", "no")
# Keras' own default.
_BATCH = 32


def predict(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder; of a folder of runs, the newest.")],
    inputs: Annotated[
        list[Path],
        typer.Argument(metavar="INPUT", help="Pictures, folders of them, .npz, .npy, .csv files; raw, as in training."),
    ],
    format: Annotated[str, typer.Option("--format", help="table, json or csv.")] = "table",
    top: Annotated[int, typer.Option("--top", min=1, help="How many of the likeliest classes to tell.")] = 3,
    invert: Annotated[str, typer.Option("--invert", help="Pictures are black on white: auto, yes or no.")] = "auto",
    allow_code: AllowCode = False,
) -> None:
    """Predict with a run's model: a digit's picture in any size, photographed or drawn, or rows of data.

    Input is prepared exactly as the run prepared its own; what else is done to a picture is told with the answer.
    Many examples are read and answered a part at a time. Exits with 2 when the run, an input or a package cannot be
    used.

    Example: mnistspec predict runs/mnist-mlp/001 seven.png photos/ --format json
    """
    one_of(format, _FORMATS, "--format")
    one_of(invert, _INVERT, "--invert")
    opened = open_run(run, allow_code=allow_code)
    with run_half():
        from mnistspec.cli.answers import FORMS
        from mnistspec.runs.answers import answers
        from mnistspec.runs.evaluation import source_of
        from mnistspec.runs.inputs import open_inputs, preparation_of
        from mnistspec.runs.written import typed_of
    given = open_inputs(
        preparation_of(opened),
        inputs,
        invert=invert,
        source=lambda: source_of(opened),
        typed=typed_of(opened.folder),
        say=_say,
    )
    answered = answers(opened, _begun(given.parts(_BATCH)), top=top, batch_size=_BATCH)
    for text in FORMS[format](answered, given.count):
        sys.stdout.write(text)


def _begun(parts: Iterator[Examples]) -> Iterator[Examples]:
    """The parts, the first of them read: input that cannot be used is told before Keras is waited for."""
    return chain([next(parts)], parts)


def _say(text: str) -> None:
    typer.echo(text, err=True)
