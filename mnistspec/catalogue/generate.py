"""Writes `schemas/keras-catalogue.json` anew from the installed Keras, or says whether it is stale.

python -m mnistspec.catalogue.generate            writes the file
python -m mnistspec.catalogue.generate --check    prints what would change; exits 1 if anything would
"""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mnistspec.catalogue import catalogue_file


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command. Returns its exit code: 1 where `--check` finds the file stale, else 0."""
    parser = argparse.ArgumentParser(prog="python -m mnistspec.catalogue.generate", description="The Keras catalogue.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if the file is stale")
    check = parser.parse_args(arguments).check
    path, fresh = catalogue_file(), catalogue_text()
    if not check:
        write(path, fresh)
        return 0
    changes = difference(path.read_text("utf-8") if path.exists() else "", fresh, path.name)
    sys.stdout.write(changes)
    return 1 if changes else 0


def catalogue_text() -> str:
    """The catalogue of the installed Keras as the file has it."""
    from mnistspec.catalogue.collect import collect  # costs the import of Keras

    return render(collect()) + "\n"


def difference(stored: str, fresh: str, name: str) -> str:
    """A unified difference from the stored text to the fresh one; empty where they are equal."""
    lines = difflib.unified_diff(stored.splitlines(True), fresh.splitlines(True), name, f"{name} (from Keras)")
    return "".join(lines)


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
