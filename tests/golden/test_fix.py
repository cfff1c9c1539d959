"""Specs with what `validate --fix` makes of them beside: a new case is a new file.

`fix/NAME.yaml` becomes `NAME.fixed`, byte for byte; where nothing is certain, the two are the same. `pytest
tests/golden --update-golden` writes the expected files anew; read the difference before you keep it.
"""

from __future__ import annotations

import contextlib
import io
import shutil
from pathlib import Path

import pytest
from typer.main import get_command

from mnistspec.cli import app
from mnistspec.diagnostics import has_errors
from mnistspec.parse import read_source
from mnistspec.pipeline import check_source

_FOLDER = Path(__file__).parent / "fix"
_SPECS = sorted(_FOLDER.glob("*.yaml"))
_COMMAND = get_command(app)


@pytest.mark.parametrize("spec", _SPECS, ids=lambda path: path.stem)
def test_what_fixing_makes_of_a_spec(spec: Path, update_golden: bool, tmp_path: Path) -> None:
    copy = tmp_path / spec.name
    shutil.copy(spec, copy)
    code = _fixed(copy)
    once = copy.read_bytes()
    expected = spec.with_suffix(".fixed")
    if update_golden:
        expected.write_bytes(once)
    assert once.decode("utf-8") == expected.read_bytes().decode("utf-8")
    assert code == int(_errors(copy) > 0)
    assert once == spec.read_bytes() or _errors(copy) < _errors(spec) or not _is_read(spec)
    _fixed(copy)
    assert copy.read_bytes() == once, "a second time changes nothing more"


def test_every_expected_file_has_its_spec() -> None:
    assert {spec.with_suffix(".fixed") for spec in _SPECS} == {*_FOLDER.glob("*.fixed")}


def _fixed(spec: Path) -> int:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return _COMMAND.main(["validate", "--fix", str(spec)], "mnistspec", standalone_mode=False) or 0


def _errors(spec: Path) -> int:
    source = read_source(spec).value
    assert source is not None
    return sum(has_errors([found]) for found in check_source(source).diagnostics)


def _is_read(spec: Path) -> bool:
    source = read_source(spec).value
    return source is not None and check_source(source).resolved is not None
