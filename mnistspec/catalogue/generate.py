"""Writes the files of `schemas/` anew: the catalogue from the installed Keras, the JSON Schema from the catalogue.

python -m mnistspec.catalogue.generate            writes both files
python -m mnistspec.catalogue.generate --check    prints what would change; exits 1 if anything would
python -m mnistspec.json_schema [--check]         the same for the JSON Schema alone, which needs no Keras
"""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mnistspec.catalogue import catalogue_file, from_document


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command. Returns its exit code: 1 where `--check` finds a file stale, else 0."""
    return bring_up_to_date("mnistspec.catalogue.generate", fresh_files, arguments)


def bring_up_to_date(module: str, fresh: Callable[[], Mapping[Path, str]], arguments: Sequence[str] | None) -> int:
    """The command `python -m MODULE [--check]` for files and the texts they should have. Returns its exit code."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description="Writes generated files anew.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file is stale")
    if parser.parse_args(arguments).check:
        changes = "".join(difference(path, text) for path, text in fresh().items())
        sys.stdout.write(changes)
        return 1 if changes else 0
    for path, text in fresh().items():
        write(path, text)
    return 0


def fresh_files() -> dict[Path, str]:
    """Both files and the texts they should have; costs the import of Keras."""
    from mnistspec.json_schema import schema_file, schema_text  # stands after this room, which all others may import

    text = catalogue_text()
    return {catalogue_file(): text, schema_file(): schema_text(from_document(json.loads(text)))}


def catalogue_text() -> str:
    """The catalogue of the installed Keras as the file has it."""
    from mnistspec.catalogue.collect import collect  # costs the import of Keras

    return render(collect()) + "\n"


def difference(path: Path, fresh: str) -> str:
    """A unified difference from a file's text to the fresh one; empty where they are equal."""
    stored = path.read_text("utf-8").splitlines(True) if path.exists() else []
    return "".join(difflib.unified_diff(stored, fresh.splitlines(True), path.name, f"{path.name} (fresh)"))


def write(path: Path, text: str) -> None:
    """Puts a text in place of a file in one step, so that no reader meets half of it."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, "utf-8")
    partial.replace(path)


def render(value: Any, indent: int = 0) -> str:
    """JSON with one argument, and one list of plain values, to a line: what changes is then a line of a difference."""
    if not _spread(value):
        return json.dumps(value, ensure_ascii=False)
    inner = " " * (indent + 1)
    if isinstance(value, dict):
        lines = [f"{inner}{json.dumps(key)}: {render(item, indent + 1)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(inner + render(item, indent + 1) for item in value) + "\n" + " " * indent + "]"


def _spread(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and "kind" not in value
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


if __name__ == "__main__":
    sys.exit(main())
