"""`mnistspec data`: which data sets are here, and getting those that are not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from mnistspec.cli.tables import Column, table
from mnistspec.data_language import SOURCE
from mnistspec.datasets import SOURCES, cache
from mnistspec.datasets.cache import DatasetState
from mnistspec.datasets.cached_files import FileState, datasets_folder
from mnistspec.datasets.facts import DataFacts
from mnistspec.spec import SourceSpec

data_app = typer.Typer(help="List the known data sets, and fetch or import them.", no_args_is_help=True)


@data_app.command("list")
def list_sets(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array, an object a data set.")] = False,
) -> None:
    """List the data sets that specs can name, and whether they are here, by digest.

    Example: mnistspec data list --json
    """
    sets = [_summary(state) for state in cache.states()]
    if as_json:
        typer.echo(json.dumps(sets, indent=2))
    else:
        typer.echo(
            f"{_as_table(sets)}\n\nfiles lie in {datasets_folder()}; `mnistspec data fetch NAME` gets those absent"
        )


@data_app.command()
def fetch(names: Annotated[list[str], typer.Argument(metavar="NAME", help="Data sets, as `list` names them.")]) -> None:
    """Download data sets into Keras' cache, each file whole and verified, or not at all.

    Exits with 2 when the network or the disk fails; what was there before is then there still.

    Example: mnistspec data fetch mnist fashion_mnist
    """
    _require_known(names)
    for name in names:
        state = cache.fetch(name, _say)
        typer.echo(f"{name}: ready ({_size(state.bytes)})")


@data_app.command("import")
def import_files(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A data set, as `list` names it.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Its files, fetched elsewhere, or their folder.")],
) -> None:
    """Copy files that were fetched on another machine into Keras' cache, once their digests are found right.

    Exits with 2 at a file that is not the data set's, which is not copied.

    Example: mnistspec data import mnist ~/Downloads/mnist.npz
    """
    _require_known([name])
    for file in files:
        for place in cache.import_file(name, file, _say):
            typer.echo(str(place))
    state = cache.state(name)
    absent = [Path(file.url).name for file in state.files if not file.state.usable]
    typer.echo(f"{name}: ready" if not absent else f"{name}: not ready, {', '.join(absent)} still missing")


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _require_known(names: Iterable[str]) -> None:
    """So that nothing is fetched for a first name when a second is misspelt. Raises: UsageError."""
    for name in names:
        cache.state(name)


def _summary(state: DatasetState) -> dict[str, Any]:
    facts = SOURCES[state.name].facts(_source(state.name), Path())
    (inputs,) = facts.x.values()
    (labels,) = facts.y.values()
    return {
        "name": state.name,
        "examples": _examples(facts),
        "shape": None if inputs.shape is None else list(inputs.shape),
        "classes": labels.classes,
        "state": _state(state),
        "bytes": state.bytes,
        "packaged": state.packaged,
        "files": [{"path": str(file.path), "url": file.url or None, "state": file.state.value} for file in state.files],
    }


def _source(name: str) -> SourceSpec:
    """The data set with its options at their defaults."""
    fields = SOURCE.options[name].fields
    return SourceSpec(name, {option: field.default for option, field in fields.items()})


def _examples(facts: DataFacts) -> int | None:
    counts = (facts.train, facts.test)
    return None if None in counts else sum(count for count in counts if count is not None)


def _state(state: DatasetState) -> str:
    """One word for all the files of a data set: a single damaged file spoils it."""
    if state.usable:
        return "ready"
    return "damaged" if any(file.state is FileState.DAMAGED for file in state.files) else "absent"


def _as_table(sets: list[dict[str, Any]]) -> str:
    columns = [
        Column("name"), Column("examples", right=True), Column("shape"), Column("classes", right=True),
        Column("state"), Column("size", right=True), Column("file"),
    ]  # fmt: skip
    return table(columns, [_row(entry) for entry in sets])


def _row(entry: dict[str, Any]) -> list[str]:
    examples, classes, shape = entry["examples"], entry["classes"], entry["shape"]
    return [
        entry["name"],
        "" if examples is None else f"{examples:,}",
        "" if shape is None else _shape(shape),
        "numbers" if classes is None else str(classes),
        entry["state"],
        _size(entry["bytes"]) if entry["bytes"] else "",
        _file(entry),
    ]


def _shape(shape: list[int | None]) -> str:
    """`28 x 28`; a sequence has one size, and no example's is known before it is read."""
    return "sequence" if None in shape else " x ".join(str(size) for size in shape)


def _file(entry: dict[str, Any]) -> str:
    if entry["packaged"]:
        return "(comes with mnistspec)"
    places = [Path(file["path"]).relative_to(datasets_folder()) for file in entry["files"]]
    return str(places[0]) if len(places) == 1 else f"{places[0].parent}{os.sep}, {len(places)} files"


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
