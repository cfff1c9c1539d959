"""Reading a spec costs no second: neither the package nor its commands import Keras, TensorFlow or NumPy.

Checking one costs a tenth of a second: nothing is imported that only other commands, mistakes on the command line, the
network or other people's files need.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from mnistspec import format_spec

_HEAVY = ("keras", "tensorflow", "jax", "torch", "numpy", "scipy", "sklearn", "pandas", "PIL", "h5py", "matplotlib")
# What costs tens of milliseconds, and what belongs to other commands.
_NOT_FOR_CHECKING = (
    "typer", "click", "rich", "pydantic", "jsonschema", "asyncio", "concurrent", "csv", "difflib", "email", "hashlib",
    "html", "http", "logging", "multiprocessing", "shutil", "sqlite3", "ssl", "subprocess", "tempfile", "textwrap",
    "unittest", "urllib.request", "xml", "zipfile", "mnistspec.cli.run", "mnistspec.doctor", "mnistspec.execution",
    "mnistspec.exporters", "mnistspec.importers", "mnistspec.json_schema", "mnistspec.plan", "mnistspec.reports",
    "mnistspec.runs", "mnistspec.training", "mnistspec.parse.syntax", "mnistspec.values.commas",
    "mnistspec.values.meant", "mnistspec.values.plain_text", "mnistspec.values.way_out", "mnistspec.shapes.ops",
    "mnistspec.shapes.applications",
)  # fmt: skip
_SPEC = """mnistspec: 1
data: {source: mnist, prepare: {x: [{rescale: 255}]}, validation: 0.1}
model: {kind: sequential, layers: [Flatten, {Dense: {units: 10, activation: softmax}}]}
compile: {optimizer: adam, loss: sparse_categorical_crossentropy, metrics: [accuracy]}
fit: {callbacks: [EarlyStopping]}
"""
# Prints the heavy modules that came in, after whatever `{work}` does.
_PROGRAM = """
import sys
try:
    {work}
except SystemExit as ended:
    assert not ended.code, ended.code
print(*sorted({heavy} & set(sys.modules)), file=sys.stderr)
"""


def _brought_in(work: str, *arguments: str, folder: Path, heavy: Sequence[str] = _HEAVY) -> str:
    program = _PROGRAM.format(work=work, heavy=set(heavy))
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr.strip()


@pytest.mark.parametrize(
    "arguments",
    [
        ("validate", "spec.yaml", "--format", "json"),
        ("show", "spec.yaml", "--stage", "plan"),
        ("resolve", "spec.yaml"),
        ("export", "spec.yaml", "--to", "svg"),
        ("export", "spec.yaml", "--to", "mermaid"),
        ("export", "spec.yaml", "--to", "dot"),
        ("fmt", "spec.yaml"),
        ("diff", "spec.yaml", "spec.yaml"),
        ("explain", "E412"),
        ("--help",),
    ],
)
def test_commands_that_read_a_spec(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(_SPEC)
    assert _brought_in("from mnistspec.cli import main; main()", *arguments, folder=tmp_path) == ""


@pytest.mark.parametrize("arguments", [("spec.yaml",), ("--format", "json", "spec.yaml", "--set=fit.epochs=2")])
def test_a_check_imports_what_it_needs_and_no_more(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(_SPEC)
    work = "from mnistspec.cli import main; main()"
    brought = _brought_in(work, "validate", *arguments, folder=tmp_path, heavy=(*_HEAVY, *_NOT_FOR_CHECKING))
    assert brought == ""


@pytest.mark.parametrize("arguments", [("fmt", "spec.yaml", "--diff"), ("diff", "spec.yaml", "spec.yaml")])
def test_plain_calls_of_what_reads_specs_wait_for_no_other_command(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(format_spec(_SPEC))
    unwanted = (*_HEAVY, "typer", "click", "rich", "jsonschema", "mnistspec.importers", "mnistspec.training")
    brought = _brought_in("from mnistspec.cli import main; main()", *arguments, folder=tmp_path, heavy=unwanted)
    assert brought == ""


def test_the_package_and_its_check(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(_SPEC)
    assert _brought_in("import mnistspec; assert mnistspec.check('spec.yaml').ok", folder=tmp_path) == ""
