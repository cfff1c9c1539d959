"""Every code has its file, and each file says the truth: its wrong example brings the code about, the other nothing."""

from __future__ import annotations

import shlex
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

from mnistspec.cli.init import template_text
from mnistspec.diagnostics import CODES
from mnistspec.explanations import Example, explained, explanation, read

# Codes that the text of a spec cannot bring about, and why: their wrong example is a command.
_NOT_BY_A_SPEC = {
    "E102": "bytes that are no UTF-8 cannot stand in a Markdown file",
    "E303": "settings come from the command line",
    "E415": "only `run` gives it",
    "I904": "no one would read a spec with so many mistakes",
    "I901": "every layer of this catalogue has a rule; tests/test_infer.py takes one away",
}
# Nothing to run: the commands that would bring it about need another catalogue.
_NOT_BY_A_COMMAND = {"I901"}

_FILE = "# E101 yaml-syntax: no\n\nWhy.\n\n```yaml wrong\na: b: c\n```\n\n```yaml right\na: b\n```\n"


def test_every_code_has_a_file_and_every_file_a_code() -> None:
    assert set(explained()) == CODES.keys()


@pytest.mark.parametrize("code", explained())
def test_the_heading_says_what_the_table_of_codes_says(code: str) -> None:
    told = explanation(code)
    assert (told.code, (told.name, told.title)) == (code, CODES[code])


@pytest.mark.parametrize("code", explained())
def test_the_reason_is_short_enough_to_be_read(code: str) -> None:
    lines = explanation(code).why.split("\n")
    assert 3 <= len(lines) <= 8
    assert all(line and len(line) <= 100 for line in lines)


@pytest.mark.parametrize("code", explained())
def test_the_wrong_example_brings_about_this_code_and_no_other(code: str) -> None:
    wrong = explanation(code).wrong
    assert (wrong.language == "console") is (code in _NOT_BY_A_SPEC)
    if wrong.language == "yaml":
        assert {found.code for found in wrong.findings("wrong.yaml")} == {code}
    elif code not in _NOT_BY_A_COMMAND:
        assert f"[{code}]" in wrong.text


@pytest.mark.parametrize("code", explained())
def test_the_mended_example_is_in_order(code: str) -> None:
    right = explanation(code).right
    assert right.findings("right.yaml") == ()
    if right.language == "console":
        assert right.text.endswith("all in order\n")


@pytest.mark.parametrize("code", sorted(_NOT_BY_A_SPEC.keys() - _NOT_BY_A_COMMAND))
def test_commands_print_what_is_written_under_them(code: str, tmp_path: Path) -> None:
    told = explanation(code)
    for example in (told.wrong, told.right):
        if example.language == "console":
            assert _transcript(example, tmp_path) == example.text


def _transcript(example: Example, folder: Path) -> str:
    """The example's commands, run where a `spec.yaml` as `mnistspec init` writes it lies, with what they print."""
    (folder / "spec.yaml").write_text(template_text("mlp"), "utf-8")
    program = f'mnistspec() {{ {shlex.quote(sys.executable)} -m mnistspec "$@"; }}\nexec 2>&1\n'
    for command in [line for line in example.text.splitlines() if line.startswith("$ ")]:
        program += f"echo {shlex.quote(command)}\n{command.removeprefix('$ ')}\n"
    done = subprocess.run(["bash", "-c", program], capture_output=True, cwd=folder, timeout=60, check=False)
    return done.stdout.decode("utf-8")


def test_the_files_come_with_the_package() -> None:
    folder = resources.files("mnistspec.explanations")
    assert {f"{code}.md" for code in explained()} <= {entry.name for entry in folder.iterdir()}


def test_a_file_is_read_into_its_parts() -> None:
    told = read(_FILE)
    assert (told.code, told.name, told.title, told.why) == ("E101", "yaml-syntax", "no", "Why.")
    assert told.wrong == Example("yaml", "a: b: c\n")
    assert told.right == Example("yaml", "a: b\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        _FILE.replace("# E101", "E101"),
        _FILE.replace("Why.\n\n", ""),
        _FILE.replace("yaml right", "yaml"),
        _FILE.replace("yaml wrong", "text wrong"),
        _FILE + "More.\n",
    ],
)
def test_a_file_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an explanation"):
        read(text)
