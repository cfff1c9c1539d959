"""`mnistspec explain`: why there is a code, a spec that brings it about, and the same spec mended."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from mnistspec.cli.options import one_of, wants_colour
from mnistspec.cli.tables import Column, table
from mnistspec.diagnostics import CODES, Diagnostic, UsageError
from mnistspec.explanations import Example, Explanation, explanation
from mnistspec.explanations.page import index, section
from mnistspec.formats.json import as_data
from mnistspec.formats.text import as_text
from mnistspec.suggest import suggest

_BY_WORD: Mapping[str, str] = {word: code for code, (name, _) in CODES.items() for word in (code, name)}


def explain(
    codes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CODE]...", help="Codes or their names: E412, shape-mismatch.", show_default=False),
    ] = None,
    format: Annotated[str, typer.Option("--format", help="text, json or md.")] = "text",
) -> None:
    """Say why a diagnostic is given, with a spec that brings it about and the same spec mended.

    Without a code, list them all.

    Example: mnistspec explain E412
    """
    one_of(format, tuple(_EXPLAINED), "--format")
    if codes:
        wanted = dict.fromkeys(_code(word) for word in codes)
        typer.echo(_EXPLAINED[format]([explanation(code) for code in wanted]))
    else:
        typer.echo(_LISTED[format]())


def _code(word: str) -> str:
    """The code meant by a code or by a code's name, in capitals or not. Raises: UsageError."""
    for spelling in (word.upper(), word.lower()):
        if spelling in _BY_WORD:
            return _BY_WORD[spelling]
    raise UsageError(f"there is no code `{word}`; {_way_out(word)}")


def _way_out(word: str) -> str:
    # Of codes with other digits none is nearer than the rest: all of the stage are named.
    of_its_stage = [code for code in CODES if code[:2] == word[:2].upper() and word[1:].isdecimal()]
    if of_its_stage:
        return f"there are {', '.join(of_its_stage)}"
    near = suggest(word, _BY_WORD)
    return f"did you mean `{near}`?" if near else "`mnistspec explain` lists them all"


def _texts(told: Sequence[Explanation]) -> str:
    return "\n\n\n".join(_text(one) for one in told)


def _text(told: Explanation) -> str:
    parts = [f"{told.code} {told.name}: {told.title}", told.why, *_example("wrong", told.wrong)]
    found = told.wrong.findings("wrong.yaml")
    if found:
        parts += ["mnistspec validate wrong.yaml", _indented(as_text(found, colour=wants_colour(sys.stdout)))]
    return "\n\n".join([*parts, *_example("right", told.right)])


def _example(word: str, example: Example) -> list[str]:
    title = f"{word}.yaml" if example.language == "yaml" else word
    return [title, _indented(example.text)]


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.rstrip("\n").split("\n"))


def _as_json(told: Sequence[Explanation]) -> str:
    return _dumped([{**_summary(one.code), **asdict(one), "diagnostics": _found(one)} for one in told])


def _found(told: Explanation) -> list[dict[str, Any]]:
    return [as_data(found) for found in told.wrong.findings("wrong.yaml")]


def _summary(code: str) -> dict[str, str]:
    name, title = CODES[code]
    return {"code": code, "name": name, "severity": Diagnostic(code, title).severity.value, "title": title}


def _dumped(value: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _as_markdown(told: Sequence[Explanation]) -> str:
    return "\n".join(section(one) for one in told).rstrip("\n")


def _list_text() -> str:
    rows = [[code, name, title] for code, (name, title) in CODES.items()]
    listed = table([Column("code"), Column("name"), Column("says")], rows)
    return f"{listed}\n\nmore of one: mnistspec explain E412"


_EXPLAINED: Mapping[str, Callable[[Sequence[Explanation]], str]] = {
    "text": _texts,
    "json": _as_json,
    "md": _as_markdown,
}
_LISTED: Mapping[str, Callable[[], str]] = {
    "text": _list_text,
    "json": lambda: _dumped([_summary(code) for code in CODES]),
    "md": lambda: index(CODES, linked=False).rstrip("\n"),
}
