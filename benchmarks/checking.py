"""The checker as a whole process, beside programs that check YAML against a schema or a style, and beside nothing."""

from __future__ import annotations

import compileall
import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import mnistspec
from benchmarks import in_process
from benchmarks.timing import interleaved, print_medians

_ROOT = Path(__file__).resolve().parent.parent
_SCHEMA = _ROOT / "schemas" / "mnistspec-v1.schema.json"
_OURS = "mnistspec validate"
_EMPTY_TYPER = """
import typer
app = typer.Typer()
@app.command()
def nothing() -> None: ...
app()
"""
# Other programs by name, and how each is told to check files.
_OTHERS = {
    "check-jsonschema": ("--schemafile", str(_SCHEMA)),
    "yamllint": ("-d", "relaxed"),
}


def main() -> None:
    """Prints a table for one spec, for 100 files and for 10,000 layers, then what one process does."""
    compileall.compile_dir(str(Path(mnistspec.__file__).parent), quiet=1)
    for name in _OTHERS:
        if shutil.which(name) is None:
            print(f"without {name}: `pip install {name}` in a virtual environment whose `bin` stands in PATH adds it")
    with tempfile.TemporaryDirectory() as folder:
        one, hundred, layers = _texts(Path(folder))
        start = {"python -c pass": _python("pass"), "an empty typer app": _python(_EMPTY_TYPER)}
        keras = {"importing Keras": _python("import keras")} if importlib.util.find_spec("keras") else {}
        print_medians("one spec", interleaved({**start, **_checks(one)}, 21), _OURS)
        print_medians("the same, and Keras", interleaved({**_checks(one[:1], ()), **keras}, 3), _OURS)
        print_medians("100 files", interleaved(_checks(hundred), 7), _OURS)
        print_medians("10,000 layers", interleaved(_checks(layers), 5), _OURS)
    in_process.main()


def _texts(folder: Path) -> tuple[list[str], list[str], list[str]]:
    """One spec, 100 files of typical specs, and one spec of 10,000 layers."""
    # A table, and what a spec extends, would have to come along.
    specs = [
        spec for spec in in_process.SPECS if "csv" not in spec.name and "\nextends:" not in spec.read_text("utf-8")
    ]
    hundred = [folder / f"{index:03}.yaml" for index in range(100)]
    for index, path in enumerate(hundred):
        path.write_text(specs[index % len(specs)].read_text("utf-8"), "utf-8")
    layers = folder / "layers.yaml"
    layers.write_text(in_process.layers(10_000), "utf-8")
    return [str(_ROOT / "specs" / "mnist-cnn.yaml")], [str(path) for path in hundred], [str(layers)]


def _checks(files: Sequence[str], others: Sequence[str] = tuple(_OTHERS)) -> dict[str, list[str]]:
    """The commands that check these files, of the programs that are installed."""
    found = {name: [str(shutil.which(name)), *_OTHERS[name], *files] for name in others if shutil.which(name)}
    return {_OURS: [sys.executable, "-m", "mnistspec", "validate", *files], **found}


def _python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


if __name__ == "__main__":
    main()
