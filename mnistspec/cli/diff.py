"""`mnistspec diff`: what differs between two specs, runs or models."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from mnistspec.cli.declared import Argument, Option
from mnistspec.cli.options import AllowCode, AllowEnv, one_of, show_diagnostics, tell, wants_colour
from mnistspec.diagnostics import SpecInvalid
from mnistspec.differences import differences
from mnistspec.differences.data import as_data
from mnistspec.differences.sides import Side, side
from mnistspec.differences.text import as_text
from mnistspec.formats.json import dumped

_FORMATS = ("text", "json")


def diff(
    before: Annotated[str, Argument("BEFORE", "A spec, a run's folder, or a model: .keras, or .json of to_json().")],
    after: Annotated[str, Argument("AFTER", "Another.")],
    format: Annotated[str, Option("--format", "text, or json: one object.")] = "text",
    every: Annotated[bool, Option("--all", "Show every layer that changed, also those that changed alike.")] = False,
    allow_env: AllowEnv = False,
    allow_code: AllowCode = False,
) -> int:
    """Say what differs between two specs, runs or models: in layers, settings, and what runs recorded.

    Every default is spelled out first, and layers are matched as a graph, so that only a difference in meaning counts.
    A model's file says nothing but model and compile. Exits with 0 when nothing differs, 1 when something does,
    2 when one is wrong or cannot be read.

    Example: mnistspec diff specs/mnist-mlp.yaml runs/mnist-mlp/001
    """
    one_of(format, _FORMATS, "--format")
    one, other = (_side(path, allow_env, allow_code) for path in (before, after))
    if one is None or other is None:
        return 2
    found = differences(one, other)
    text = format == "text"
    tell(as_text(found, colour=wants_colour(sys.stdout), every=every) if text else dumped(as_data(found)))
    return int(not found.same)


def _side(path: str, allow_env: bool, allow_code: bool) -> Side | None:
    """What stands at a path; None, its findings shown, for a spec that is wrong."""
    try:
        return side(Path(path), allow_env=allow_env, allow_code=allow_code)
    except SpecInvalid as error:
        show_diagnostics(error.diagnostics)
        return None
