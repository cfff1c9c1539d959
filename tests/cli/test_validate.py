"""`mnistspec validate`: exit codes, going on after a wrong spec, and the array that programs read."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GOOD = "mnistspec: 1\nmodel: {kind: sequential, input: [4], layers: [{Dense: {units: 3}}]}\n"
WARNED = "mnistspec: 1\nvars: {width: 3}\nmodel: {kind: sequential, input: [4], layers: [Flatten]}\n"
WRONG = "mnistspec: 1\nmodel:\n  kind: sequential\n  input: [4]\n  layers:\n    - Dnese: {units: 3}\n"
FIELDS = {
    "code", "severity", "message", "path", "line", "column", "end_line", "end_column", "help", "related",
}  # fmt: skip


@pytest.fixture(autouse=True)
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("good", GOOD), ("warned", WARNED), ("wrong", WRONG)):
        Path(f"{name}.yaml").write_text(text)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("good.yaml",), 0),
        (("warned.yaml",), 0),
        (("--strict", "warned.yaml"), 1),
        (("--strict", "good.yaml"), 0),
        (("wrong.yaml",), 1),
        (("good.yaml", "wrong.yaml", "good.yaml"), 1),
        (("absent.yaml",), 2),
        (("good.yaml", "--format", "xml"), 2),
        ((".",), 1),
        (("good.yaml", "absent.yaml"), 2),
        (("wrong.yaml", "absent.yaml", "good.yaml"), 2),
        (("good.yaml", "--output", "out.sarif"), 2),
        (("good.yaml", "--format", "sarif", "--output", "absent/out.sarif"), 2),
        ((), 2),
        (("--no-such-option", "good.yaml"), 2),
    ],
)
def test_exit_codes(command: Callable[..., Any], arguments: tuple[str, ...], code: int) -> None:
    done = command("validate", *arguments)
    assert done.code == code
    assert "Traceback" not in done.out + done.err


def test_the_environments_faults_are_told_on_standard_error(command: Callable[..., Any]) -> None:
    done = command("validate", "absent.yaml")
    assert done.out == ""
    assert done.err == "error: there is no file `absent.yaml`; `mnistspec init` writes one to start from\n"


def test_it_goes_on_after_a_wrong_spec(command: Callable[..., Any]) -> None:
    done = command("validate", "wrong.yaml", "warned.yaml", "good.yaml")
    assert done.code == 1
    assert " --> wrong.yaml:6:7" in done.out and " --> warned.yaml:2:8" in done.out
    assert done.out.endswith("3 specs checked: 1 error, 1 warning\n")


def test_a_spec_in_order_is_said_to_be_so(command: Callable[..., Any]) -> None:
    assert command("validate", "good.yaml").out == "1 spec checked: all in order\n"


def test_the_array_for_programs(command: Callable[..., Any]) -> None:
    done = command("validate", "wrong.yaml", "warned.yaml", "good.yaml", "--format", "json")
    assert done.code == 1 and done.err == ""
    wrong, warned = json.loads(done.out)
    assert wrong.keys() == FIELDS == warned.keys()
    assert wrong == {
        "code": "E205",
        "severity": "error",
        "message": "Keras has no layer `Dnese`",
        "path": "wrong.yaml",
        "line": 6,
        "column": 7,
        "end_line": 6,
        "end_column": 12,
        "help": "did you mean `Dense`?",
        "related": [],
    }
    assert (warned["code"], warned["severity"]) == ("W507", "warning")


def test_the_array_is_empty_for_specs_in_order(command: Callable[..., Any]) -> None:
    done = command("validate", "good.yaml", "--format", "json")
    assert (done.code, json.loads(done.out)) == (0, [])


def test_other_places_of_a_finding_are_in_the_array(command: Callable[..., Any]) -> None:
    Path("twice.yaml").write_text(GOOD + "seed: 1\nseed: 2\n")
    (found,) = json.loads(command("validate", "twice.yaml", "--format", "json").out)
    assert found["related"] == [{"message": "first given here", "path": "twice.yaml", "line": 3, "column": 1}]


def test_a_file_that_is_no_text_is_a_wrong_spec_and_no_fault_of_the_command(command: Callable[..., Any]) -> None:
    Path("binary.yaml").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    done = command("validate", "binary.yaml", "good.yaml", "--format", "json")
    assert done.code == 1
    assert [found["code"] for found in json.loads(done.out)] == ["E102"]


def test_settings_hold_for_every_spec(command: Callable[..., Any]) -> None:
    done = command("validate", "good.yaml", "warned.yaml", "--set", "seed=-1", "--format", "json")
    assert [(found["code"], found["path"]) for found in json.loads(done.out)] == [
        ("E204", "--set"),
        ("E204", "--set"),
        ("W507", "warned.yaml"),
    ]


def test_a_spec_is_read_from_standard_input(command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WRONG.encode())))
    done = command("validate", "-")
    assert done.code == 1
    assert " --> <stdin>:6:7" in done.out


def test_the_environment_is_read_only_when_allowed(
    command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("env.yaml").write_text(GOOD.replace("3}", '"${int(env.WIDTH)}"}'))
    monkeypatch.setenv("WIDTH", "3")
    assert command("validate", "env.yaml").code == 1
    assert command("validate", "env.yaml", "--allow-env").code == 0


def test_a_files_name_and_text_cannot_forge_output(command: Callable[..., Any]) -> None:
    name = "a\x1b[31m\nerror.yaml"
    Path(name).write_text('mnistspec: 1\nmodel: {kind: "\\e[2J"}\nname: x\x1b[2J\n')
    for path in (name,):
        assert "\x1b" not in command("validate", path).out
    Path("b.yaml").write_text('mnistspec: 1\nmodel: {"\\e[2J": 1, kind: functional, input: [4], layers: [Flatten]}\n')
    assert "\x1b" not in command("validate", "b.yaml").out
