"""Specs with what the command line says of them beside: a new case is a new file.

`err/NAME.yaml` is validated, `ok/NAME.yaml` is shown, and `NAME.out` is what is printed. Comments at the top may say
more: `# $ --set fit.epochs=3` adds arguments to the command, `# finds 3` says that it has more than one mistake.
`pytest tests/golden --update-golden` writes the expected files anew; read the difference before you keep it.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from mnistspec.cli import app
from mnistspec.diagnostics import CODES

_FOLDER = Path(__file__).parent
_WRONG = sorted((_FOLDER / "err").glob("*.yaml"))
_RIGHT = sorted((_FOLDER / "ok").glob("*.yaml"))
_COMMAND = get_command(app)
_FINDING = re.compile(r"^(error|warning|note)\[(\w+)\]", re.MULTILINE)

# Codes that a command other than `validate` gives, or that no spec can bring about.
_TOLD_ELSEWHERE = {
    "E415": "by `run`: tests/test_completeness.py",
    "I904": "of more findings than anyone would read here: tests/test_enough.py",
    "W518": "by what the machine has: tests/lints/test_memory_needed.py",
}


@pytest.mark.parametrize("spec", _WRONG, ids=lambda path: path.stem)
def test_what_is_said_of_a_spec_that_is_not_in_order(
    spec: Path, update_golden: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, code = _printed("validate", spec, monkeypatch)
    findings = _FINDING.findall(output)
    assert len(findings) == _expected_count(spec), f"one mistake, one message:\n{output}"
    assert code == int(any(severity == "error" for severity, _ in findings))
    _compare(spec, output, update_golden)


@pytest.mark.parametrize("spec", _RIGHT, ids=lambda path: path.stem)
def test_what_is_shown_of_a_spec_that_is_in_order(
    spec: Path, update_golden: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, code = _printed("show", spec, monkeypatch)
    assert code == 0, output
    assert not _FINDING.search(output), f"this spec belongs into err/:\n{output}"
    _compare(spec, output, update_golden)


def test_every_code_has_a_case() -> None:
    told = {code for spec in _WRONG for _, code in _FINDING.findall(spec.with_suffix(".out").read_text("utf-8"))}
    assert told == CODES.keys() - _TOLD_ELSEWHERE.keys()


def test_every_expected_file_has_its_spec() -> None:
    specs = {spec.with_suffix(".out") for spec in (*_WRONG, *_RIGHT)}
    assert specs == {*(_FOLDER / "err").glob("*.out"), *(_FOLDER / "ok").glob("*.out")}


def _printed(command: str, spec: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    monkeypatch.chdir(spec.parent)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        code = _COMMAND.main([command, spec.name, *_arguments(spec)], "mnistspec", standalone_mode=False)
    return printed.getvalue(), code or 0


def _header(spec: Path, sign: str) -> list[str]:
    lines = spec.read_bytes().decode("utf-8", errors="replace").splitlines()
    return [line.removeprefix(sign).strip() for line in lines if line.startswith(sign)]


def _arguments(spec: Path) -> list[str]:
    return [argument for line in _header(spec, "# $ ") for argument in shlex.split(line)]


def _expected_count(spec: Path) -> int:
    counts = _header(spec, "# finds ")
    return int(counts[0]) if counts else 1


def _compare(spec: Path, output: str, update: bool) -> None:
    expected = spec.with_suffix(".out")
    if update:
        expected.write_text(output, "utf-8")
    assert output == expected.read_text("utf-8")
