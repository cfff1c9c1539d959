"""Every example of the manual is checked: specs, fragments of specs, commands, what they print, and Python.

A whole spec is checked as it is, and so is a fragment with a `model` that needs no data. Other fragments stand in a
frame: sections in place of those of `_FRAME`, entries of `layers` in a functional model. A comment in the line before a
block says what else there is to know:

<!-- inputs: {left: [784]} -->      the inputs of the model that these layers are of
<!-- finds: E206 -->                the codes that an example of a mistake gets
<!-- not a spec: ... -->            what it is instead, with the commands in it checked
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

import mnistspec
from mnistspec.cli import app
from mnistspec.diagnostics import Severity
from mnistspec.pipeline import check_source
from mnistspec.reference.page import anchor
from mnistspec.source import Source
from tests.docs.pages import MADE, ROOT, Block, blocks, pages

_BESIDE = Path(__file__).parent / "beside" / "spec.yaml"
_FRAME: dict[str, Any] = {
    "mnistspec": 1,
    "data": {"source": "mnist", "prepare": {"x": [{"rescale": 255}]}},
    "model": {"kind": "sequential", "layers": ["Flatten", {"Dense": {"units": 10, "activation": "softmax"}}]},
}
_ONE_HOT = {"compile": {"loss": "categorical_crossentropy"}}
_COMMAND = get_command(app)
# How a command is written: after a backtick, or where a line of commands begins or goes on.
_IN_PROSE = re.compile(r"`mnistspec ([a-z][^`\n]*)`")
_IN_BLOCKS = re.compile(r"(?:^|^\$ |run: |&& |bin/|- )mnistspec ([a-z][^\n#]*)", re.MULTILINE)


@pytest.mark.parametrize("block", blocks("yaml"), ids=str)
def test_a_spec_or_a_fragment_is_in_order(block: Block) -> None:
    if block.about.startswith("not a spec: "):
        yaml.safe_load(block.text)
        return
    document = yaml.safe_load(block.text)
    text = block.text if "mnistspec" in document else yaml.safe_dump(_framed(document, block.about), sort_keys=False)
    found = check_source(Source(text, str(block), _BESIDE)).diagnostics
    codes = [diagnostic.code for diagnostic in found if diagnostic.severity is not Severity.NOTE]
    assert codes == re.findall(r"[EW]\d{3}", block.about), found


def _framed(document: Any, about: str) -> dict[str, Any]:
    """A whole spec out of a fragment: entries of `layers`, or sections."""
    if isinstance(document, list):
        inputs = yaml.safe_load(about.removeprefix("inputs: "))
        assert isinstance(inputs, dict), "say the inputs of the model: <!-- inputs: {image: [28, 28]} -->"
        return {"mnistspec": 1, "model": {"kind": "functional", "inputs": inputs, "layers": document}}
    if "model" in document:
        return {"mnistspec": 1, **document}
    y = document.get("data", {}).get("prepare", {}).get("y")
    return {**_FRAME, **(_ONE_HOT if y == ["one_hot"] else {}), **_flattened(document), **document}


def _flattened(document: Any) -> dict[str, Any]:
    """The frame's model for pictures that `prepare` has made flat already."""
    steps = document.get("data", {}).get("prepare", {}).get("x", [])
    model = {"kind": "sequential", "layers": [{"Dense": {"units": 10, "activation": "softmax"}}]}
    return {"model": model} if {"reshape": [784]} in steps else {}


def test_every_block_says_its_language() -> None:
    unsaid = [str(block) for block in blocks("")]
    assert not unsaid, "say yaml, sh, console (with what is printed), python or text"


def test_what_is_no_spec_says_what_it_is() -> None:
    about = [block.about for block in blocks("yaml") if block.about.startswith("not a spec")]
    assert all(re.fullmatch(r"not a spec: \S.+", text) for text in about)


@pytest.mark.parametrize("page", pages())
def test_commands_are_commands_with_their_options(page: str) -> None:
    fenced = [block.text for block in blocks("sh", "console", "yaml") if block.page == page]
    for words in [*_IN_PROSE.findall((ROOT / page).read_text("utf-8")), *_IN_BLOCKS.findall("\n".join(fenced))]:
        _parsed(words.strip())


def _parsed(words: str) -> None:
    """Reads a command line as the program does, without running it. `a|b` in a table are two ways to write it."""
    name, *arguments = shlex.split(words.replace("\\|", "|").partition(" && ")[0])
    command = _COMMAND.commands.get(name)  # type: ignore[attr-defined]
    assert command is not None, f"no command `{name}`"
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    if hasattr(command, "commands"):
        assert not arguments or arguments[0] in command.commands, words
        return
    used = {word.partition("=")[0] for word in arguments if word.startswith("--")}
    assert used <= options, f"`mnistspec {name}` has no {used - options}"


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_python_uses_names_that_there_are(block: Block) -> None:
    tree = ast.parse(block.text)
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "mnistspec"
    }
    assert used <= set(mnistspec.__all__)


@pytest.mark.parametrize("block", blocks("console"), ids=str)
def test_what_commands_print_is_printed(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands on the specs of this project, and on `broken.yaml`: the smallest one with two words misspelt."""
    (tmp_path / "specs").mkdir()
    for spec in (ROOT / "specs").glob("*.yaml"):
        (tmp_path / "specs" / spec.name).write_text(spec.read_text("utf-8"))
    broken = (ROOT / "specs" / "mnist-mlp.yaml").read_text("utf-8")
    broken = broken.replace("units: 512", "unit: 512").replace("softmax", "sotfmax")
    (tmp_path / "specs" / "broken.yaml").write_text(broken)
    monkeypatch.chdir(tmp_path)
    for words, printed in re.findall(r"^\$ mnistspec (.+)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE):
        assert _printed(shlex.split(words)).strip() == printed.strip()


def _printed(words: list[str]) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        _COMMAND.main(words, "mnistspec", standalone_mode=False)
    return printed.getvalue()


def test_the_readme_shows_the_model_of_the_spec_that_it_shows() -> None:
    shown = next(block.text for block in blocks("yaml") if block.page == "README.md" and "model:" in block.text)
    typed = mnistspec.check(shown).graph
    assert typed is not None
    assert typed.trainable is not None
    printed = next(block.text for block in blocks("text") if block.page == "README.md")
    assert f"{typed.trainable:,} parameters, {typed.trainable:,} of them trainable" in printed


@pytest.mark.parametrize("page", [*pages(), *MADE])
def test_links_lead_to_files_and_headings(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.exists(), target
        assert not heading or heading in _anchors(file), target


def _anchors(file: Path) -> set[str]:
    """The names under which GitHub links to a file's headings; the second of a name ends in `-1`."""
    text = re.sub(r"^```.*?^```", "", file.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    found: set[str] = set()
    for name in map(anchor, re.findall(r"^#+ (.+)$", text, re.MULTILINE)):
        found.add(f"{name}-1" if name in found else name)
    return found
