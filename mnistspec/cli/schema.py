"""`mnistspec schema`: the published JSON Schema, and what a JSON Schema validator says of a spec."""

from __future__ import annotations

from typing import Annotated

import typer

from mnistspec.catalogue import schemas_folder
from mnistspec.cli.options import read_spec
from mnistspec.diagnostics import UsageError
from mnistspec.nodes import plain
from mnistspec.parse import parse


def schema(
    spec: Annotated[str | None, typer.Argument(metavar="[SPEC]", help="A spec to validate against the schema.")] = None,
    path: Annotated[bool, typer.Option("--path", help="Print where the schema lies instead of its text.")] = False,
) -> None:
    """Print the JSON Schema that editors use, or validate a spec against it as an editor would.

    Example: mnistspec schema > mnistspec-v1.schema.json
    """
    file = schemas_folder() / "mnistspec-v1.schema.json"
    if spec is not None:
        raise typer.Exit(_validate(spec, file.read_text("utf-8")))
    typer.echo(str(file) if path else file.read_text("utf-8"))


def _validate(spec: str, text: str) -> int:
    import json

    import jsonschema  # only this command needs it, and it takes long to import

    outcome = read_spec(spec)
    root = parse(outcome.value).value if outcome.value is not None else None
    if root is None:
        raise UsageError(f"`{spec}` is no YAML; `mnistspec validate {spec}` says why")
    errors = sorted(
        jsonschema.Draft202012Validator(json.loads(text)).iter_errors(plain(root)), key=lambda e: list(e.path)
    )
    for error in errors:
        typer.echo(f"{spec}: {error.json_path}: {error.message}")
    return 1 if errors else 0
