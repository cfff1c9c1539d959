"""`mnistspec validate`: exit codes, going on after a wrong spec, and the array that programs read."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mnistspec.formats import FORMATS

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
    assert done.out.endswith("3 specs checked: 1 error, 1 warning; more: mnistspec explain E205 W507\n")


def test_the_last_line_names_up_to_three_codes_to_read_on_about_errors_first(command: Callable[..., Any]) -> None:
    model = "model: {kind: sequential, input: [4], layers: [Dnese, {Dense: {units: x}}]}"
    Path("many.yaml").write_text(f"mnistspec: 1\nvars: {{width: 3}}\nsede: 1\n{model}\n")
    assert command("validate", "warned.yaml", "many.yaml").out.endswith("; more: mnistspec explain E201 E205 E203\n")
    assert command("validate", "warned.yaml", "wrong.yaml").out.endswith("; more: mnistspec explain E205 W507\n")


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


def test_what_cannot_be_read_stops_nothing_else(command: Callable[..., Any]) -> None:
    done = command("validate", "absent.yaml", "wrong.yaml", "none/*.yaml", "good.yaml")
    assert done.code == 2
    assert [line.split(";")[0] for line in done.err.splitlines()] == [
        "error: no file matches `none/*.yaml`",
        "error: there is no file `absent.yaml`",
    ]
    assert done.out.endswith("2 specs checked: 1 error; 2 could not be read; more: mnistspec explain E205\n")


def test_folders_patterns_and_standard_input_go_together(
    command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WRONG.encode())))
    done = command("validate", ".", "*.yaml", "-", "good.yaml", "--format", "concise")
    assert [line.split(":")[0] for line in done.out.splitlines()] == ["./warned.yaml", "./wrong.yaml", "<stdin>"]


def test_a_pipe_is_not_waited_for(command: Callable[..., Any]) -> None:
    os.mkfifo("pipe.yaml")
    done = command("validate", "pipe.yaml")
    assert (done.code, done.err) == (2, "error: `pipe.yaml` is no regular file; `-` reads from standard input\n")


def test_a_form_goes_to_a_file_and_people_still_read(command: Callable[..., Any]) -> None:
    done = command("validate", "wrong.yaml", "--format", "sarif", "--output", "out.sarif")
    assert done.code == 1
    assert done.out.endswith("1 spec checked: 1 error; more: mnistspec explain E205\n")
    assert json.loads(Path("out.sarif").read_text("utf-8"))["version"] == "2.1.0"


def test_every_form_is_in_the_manual() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "ci.md").read_text("utf-8")
    assert [form for form in FORMATS if f"| `{form}` |" not in manual] == []


def test_standard_input_that_cannot_be_read_is_told(
    command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    done = command("validate", "-", "good.yaml")
    assert (done.code, done.err) == (2, "error: `-` reads standard input, which is closed\n")


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_ends_with_a_line_end(command: Callable[..., Any], form: str) -> None:
    done = command("validate", "wrong.yaml", "--format", form)
    assert done.code == 1 and done.out.endswith("\n") and not done.out.endswith("\n\n")


@pytest.mark.parametrize(
    ("arguments", "annotated"),
    [
        ((), True),
        (("--format", "text"), False),
        (("--format", "junit", "--output", "out.xml"), True),
    ],
)
def test_inside_github_actions_findings_are_annotations(
    command: Callable[..., Any], arguments: tuple[str, ...], annotated: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    done = command("validate", "wrong.yaml", *arguments)
    assert done.out.startswith("::error ") is annotated


def test_letters_that_a_terminal_lacks_are_escaped(
    command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("é.yaml").write_text(WRONG)
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", ascii_only)
    command("validate", "é.yaml")
    ascii_only.seek(0)
    assert "\\xe9.yaml:6:7" in ascii_only.read()
