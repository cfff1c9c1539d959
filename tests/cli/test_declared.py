"""A plain call means to a command what Typer reads in it; help lists every command."""

from __future__ import annotations

import contextlib
import inspect
import io
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistspec.cli.calling import COMMANDS, _imported
from mnistspec.cli.declared import Argument, Option, plain_arguments
from mnistspec.cli.diff import diff
from mnistspec.cli.fmt import fmt
from mnistspec.cli.resolve import resolve
from mnistspec.cli.typer_app import build, call
from mnistspec.cli.validate import validate

_WORDS = st.sampled_from([
    "a.yaml", "-", "", "*.yaml", "--format", "--format=json", "json", "--format=", "--strict", "--strict=true", "--set",
    "--set=a=1", "b=2", "-1", "--allow-env", "--", "-x", "--form", "--no-strict", "--help", "-h",
])  # fmt: skip


@pytest.mark.parametrize("command", [validate, resolve, fmt, diff])
@given(words=st.lists(_WORDS, max_size=6))
@settings(deadline=None)
def test_a_plain_call_is_read_as_typer_reads_it(command: Callable[..., Any], words: list[str]) -> None:
    plain = plain_arguments(command, words)
    code, told = _through_typer(command, words)
    if plain is not None:
        defaults = {name: p.default for name, p in inspect.signature(command).parameters.items()}
        assert code == 0 and told == defaults | plain


def _through_typer(command: Callable[..., Any], words: list[str]) -> tuple[int, dict[str, Any]]:
    told: dict[str, Any] = {}

    @wraps(command)
    def recorder(**arguments: Any) -> None:
        told.update(arguments)

    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = call(build({"called": recorder}), ["called", *words])
    return code, told


@pytest.mark.parametrize(
    ("command", "words", "expected"),
    [
        (validate, ["a.yaml", "b.yaml"], {"specs": ["a.yaml", "b.yaml"]}),
        (validate, ["--strict", "-", "--format", "json"], {"strict": True, "specs": ["-"], "format": "json"}),
        (validate, ["a", "--set", "x=1", "--set=y=2"], {"specs": ["a"], "settings": ["x=1", "y=2"]}),
        (resolve, ["a.yaml", "--allow-env"], {"spec": "a.yaml", "allow_env": True}),
        (fmt, ["a.yaml", "-", "--check", "--diff"], {"specs": ["a.yaml", "-"], "check": True, "diff": True}),
        (diff, ["a.yaml", "b.yaml", "--format=json"], {"before": "a.yaml", "after": "b.yaml", "format": "json"}),
    ],
)
def test_everyday_calls_are_plain(command: Callable[..., Any], words: list[str], expected: dict[str, Any]) -> None:
    assert plain_arguments(command, words) == expected


@pytest.mark.parametrize("words", [[], ["--help"], ["a", "--format"], ["a", "--format", "--strict"], ["a", "-x"]])
def test_help_and_mistakes_are_left_to_typer(words: list[str]) -> None:
    assert plain_arguments(validate, words) is None


def _half(spec: Annotated[str, Argument("SPEC", "A spec.")], other: int = 3) -> None: ...


def _counted(spec: Annotated[str, Argument("SPEC", "")], top: Annotated[int, Option("--top", "")] = 3) -> None: ...


def _written(
    spec: Annotated[str, Argument("SPEC", "")], out: Annotated[str | None, Option("--out", "")] = None
) -> None: ...


def test_text_that_may_be_left_out_is_read_plainly() -> None:
    assert plain_arguments(_written, ["a", "--out", "b"]) == {"spec": "a", "out": "b"}
    assert _through_typer(_written, ["a", "--out", "b"]) == (0, {"spec": "a", "out": "b"})


def test_parameters_that_are_not_declared_or_not_text_are_left_to_typer() -> None:
    assert plain_arguments(_half, ["a"]) is None
    assert plain_arguments(_counted, ["a"]) == {"spec": "a"}
    assert plain_arguments(_counted, ["a", "--top", "5"]) is None


def test_help_lists_every_command_with_what_it_does(command: Callable[..., Any]) -> None:
    printed = " ".join(command("--help").out.split())
    for name in COMMANDS:
        found = _imported(name)
        summary = inspect.getdoc(found) if inspect.isfunction(found) else "List the known data sets"
        assert f" {name} " in printed
        assert str(summary).split()[0] in printed


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "data"])
def test_every_command_explains_itself(command: Callable[..., Any], name: str) -> None:
    done = command(name, "--help")
    assert done.code == 0 and f" {name} " in done.out and "Example:" in done.out
