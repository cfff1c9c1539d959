"""`mnistspec import`: the spec of a model that Keras saved."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from mnistspec.diagnostics import UsageError
from mnistspec.importers.files import copy_weights, spec_of_file
from mnistspec.runs.folder import write_text, write_whole


def import_(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A .keras file, or the JSON of model.to_json().")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="SPEC", help="Write to this file instead of printing.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="The spec's name, instead of the model's.")
    ] = None,
    no_compile: Annotated[
        bool, typer.Option("--no-compile", help="Leave out the optimizer, the loss and the metrics.")
    ] = False,
    flat: Annotated[
        bool, typer.Option("--flat", help="Write an entry for every layer, without blocks and repeats.")
    ] = False,
    weights: Annotated[
        bool, typer.Option("--weights", help="Also write the weights, to SPEC's name with the ending .weights.h5.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it is there.")] = False,
) -> None:
    """Print the shortest spec that builds exactly the model in a file, weights aside.

    Structure that comes again is written once, as a block or a repeat. No code of the model is run.
    What a spec cannot say is refused with the layer's name and the reason.

    Example: mnistspec import model.keras --out model.yaml
    """
    kept = out.with_suffix(".weights.h5") if out is not None and weights else None
    if weights and out is None:
        raise UsageError("`--weights` writes a file beside the spec: say where, with `--out`")
    for place in (out, kept):
        if place is not None:
            _check_place(place, force=force)
    text = spec_of_file(model, name=name, compile=not no_compile, flat=flat)
    if out is None:
        typer.echo(text, nl=False)
        return
    write_text(out, text)
    typer.echo(f"{out}: the model of {model}")
    if kept is not None:
        write_whole(kept, lambda place: copy_weights(model, place))
        typer.echo(f"{kept}: its weights, for mnistspec.build({str(out)!r}, weights={str(kept)!r})")
    typer.echo(f"\nnext: mnistspec validate {shlex.quote(str(out))}")


def _check_place(out: Path, *, force: bool) -> None:
    """Says what is wrong with the place before the work is done. Raises: UsageError."""
    if not out.suffix:
        raise UsageError(f"`{out}` has no ending; name it as in `{out}.yaml`")
    if os.path.lexists(out) and not force:
        raise UsageError(f"`{out}` is there already: `--force` overwrites it, or name another file")
    if not out.parent.is_dir():
        raise UsageError(f"there is no folder `{out.parent}` to write `{out.name}` in")
