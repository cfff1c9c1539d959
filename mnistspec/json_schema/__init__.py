"""The published JSON Schema, made from the tables that the checker walks: the language's own and Keras' catalogue.

It is for editors and other tools; the command line itself checks with `schema.py`, and a test holds that both give one
verdict. They part where JSON Schema cannot follow: it takes `2.0` for an integer, sees no duplicate keys, and does not
tell a loss from a map by output name where an output is named like a class.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mnistspec.catalogue import Catalogue, load, schemas_folder
from mnistspec.catalogue.kinds import Record
from mnistspec.extending import EXTENDING
from mnistspec.json_schema.layout import render
from mnistspec.json_schema.writer import Writer
from mnistspec.language import SPEC, VERSION

FILE_NAME = f"mnistspec-v{VERSION}.schema.json"


def document(catalogue: Catalogue) -> dict[str, Any]:
    """The schema of a spec (draft 2020-12) as plain data."""
    writer = Writer(catalogue)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": FILE_NAME, "type": "object"}
    # What a spec extends may have the keys that it leaves out, and null there takes one away.
    forms = {"if": {"required": ["extends"]}, "then": _spec(writer, EXTENDING), "else": _spec(writer, SPEC)}
    definitions = dict(sorted(writer.definitions.items()))
    return {**head, **forms, "$defs": definitions}


def _spec(writer: Writer, kind: Record) -> dict[str, Any]:
    [form] = writer.record(kind)
    version = {"description": kind.fields["mnistspec"].doc, "const": VERSION}
    return {**form.keywords, "properties": {**form.keywords["properties"], "mnistspec": version}}


def schema_text(catalogue: Catalogue | None = None) -> str:
    """The schema as the file has it, made from a catalogue or from the one that ships with this version."""
    return render(document(catalogue or load())) + "\n"


def schema_file() -> Path:
    """The file that editors read and the generator writes."""
    return schemas_folder() / FILE_NAME
