"""Many specs checked by several processes: what is told is what one process tells, whatever becomes of the others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mnistspec.cli import sharing

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are copied here by no other way")
GOOD = "mnistspec: 1\nmodel: {kind: sequential, input: [4], layers: [{Dense: {units: 3}}]}\n"
WARNED = GOOD.replace("model:", "vars: {width: 3}\nmodel:")
WRONG = GOOD.replace("Dense", "Dnese")
# Checks the specs of this folder as so many processors do; writes down which process looked at which spec, and says on
# standard error when a process is started.
_PROGRAM = """
import os
import sys
from mnistspec.cli import main, sharing
import mnistspec.cli.validate
validate = sys.modules["mnistspec.cli.validate"]
sharing.cores = lambda: {processors}
caller, one = os.getpid(), validate.checked
def checked(path, *arguments, **keywords):
    with open("../looked", "a") as looked:
        print(path, os.getpid() == caller, file=looked)
    if os.getpid() != caller and {died}:
        os.abort()
    return one(path, *arguments, **keywords)
validate.checked = checked
copied = os.fork
def fork():
    if {refused}:
        raise BlockingIOError(11, "Resource temporarily unavailable")
    print("copied", file=sys.stderr)
    return copied()
os.fork = fork
sys.argv = ["mnistspec", "validate", *{arguments}]
main()
"""


@pytest.fixture(autouse=True)
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "specs"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for index in range(60):
        text = {7: WARNED, 20: WRONG, 31: "mnistspec: [", 44: WARNED}.get(index, GOOD)
        Path(f"{index:02}.yaml").write_text(text)
    Path("50.yaml").write_bytes(b"\xc3mnistspec: 1")


def _validate(
    processors: int, *arguments: str, died: str = "False", refused: str = "False", stdin: str = ""
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    program = _PROGRAM.format(
        processors=processors, died=died, refused=refused, arguments=list(arguments or (".", "50.yaml", "absent.yaml"))
    )
    looked = Path("../looked")
    looked.write_text("")
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, input=stdin, timeout=60, check=False)
    return done, looked.read_text().splitlines()


@pytest.mark.parametrize("form", ["text", "concise", "json", "sarif"])
def test_what_is_told_is_what_one_process_tells(form: str) -> None:
    alone, looked = _validate(1, ".", "50.yaml", "--format", form)
    assert [line.split()[1] for line in looked] == ["True"] * 60
    shared, looked = _validate(3, ".", "50.yaml", "--format", form)
    assert "Dnese" in shared.stdout
    assert (shared.returncode, shared.stdout) == (alone.returncode, alone.stdout)
    assert shared.stderr == "copied\n" * 2 + alone.stderr
    # Two of three specs were looked at by others, and again only where they are not in order.
    assert sum(line.endswith("False") for line in looked) == 40
    assert sum(line.endswith("True") for line in looked) == 20 + 5


@pytest.mark.parametrize("died", ["True", "path == '31.yaml'", "path == '01.yaml'"])
def test_a_process_that_dies_leaves_nothing_unchecked(died: str) -> None:
    alone, _ = _validate(1)
    shared, looked = _validate(3, died=died)
    assert any(line.endswith("False") for line in looked)
    assert (shared.returncode, shared.stdout) == (alone.returncode, alone.stdout)
    assert shared.stderr == "copied\n" * 2 + alone.stderr


def test_without_room_for_processes_one_does_all() -> None:
    alone, by_one = _validate(1)
    shared, looked = _validate(3, refused="True")
    assert sorted(looked) == sorted(by_one)
    assert (shared.returncode, shared.stdout, shared.stderr) == (alone.returncode, alone.stdout, alone.stderr)


def test_what_can_be_read_but_once_is_read_by_the_caller() -> None:
    done, looked = _validate(3, ".", "-", stdin=WRONG)
    assert "--> <stdin>:2:" in done.stdout
    assert "- True" in looked
    assert "- False" not in looked


@pytest.mark.parametrize("option", ["--fix", "--diff", "--allow-code"])
def test_what_writes_or_runs_code_is_done_by_one_process(option: str) -> None:
    done, _ = _validate(3, ".", option)
    assert done.returncode == 1
    assert "copied" not in done.stderr


@pytest.mark.parametrize(("count", "processors", "shares"), [(23, 8, 1), (24, 8, 2), (60, 2, 2), (500, 64, 8)])
def test_few_specs_are_left_to_one_process(
    monkeypatch: pytest.MonkeyPatch, count: int, processors: int, shares: int
) -> None:
    monkeypatch.setattr(sharing, "cores", lambda: processors)
    monkeypatch.setattr("threading.active_count", lambda: 1)
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    assert sharing._shares(count) == shares


def test_a_program_with_threads_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threading.active_count", lambda: 2)
    monkeypatch.setattr(sharing, "cores", lambda: 8)
    assert sharing._shares(500) == 1
