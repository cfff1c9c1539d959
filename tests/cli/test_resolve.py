"""`mnistspec resolve`: a spec with every default explicit, or the reasons why there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SPEC = """mnistspec: 1
vars: {width: 512}
model: {kind: sequential, input: [4], layers: [{Dense: {units: "${width}"}}]}
"""


@pytest.fixture(autouse=True)
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("spec.yaml").write_text(SPEC)


def test_what_is_printed_is_a_spec_that_resolves_to_itself(command: Callable[..., Any]) -> None:
    done = command("resolve", "spec.yaml", "--set", "vars.width=64")
    assert (done.code, done.err) == (0, "")
    assert "units: 64" in done.out and "use_bias: true" in done.out
    assert "vars" not in done.out and "${" not in done.out
    Path("again.yaml").write_text(done.out)
    assert command("resolve", "again.yaml").out == done.out


def test_warnings_do_not_mix_with_the_text(command: Callable[..., Any]) -> None:
    Path("warned.yaml").write_text(SPEC.replace('"${width}"', "3"))
    done = command("resolve", "warned.yaml")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("mnistspec: 1\nname: warned\n")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("spec.yaml", "--set", "vars.width=wide"), 1, "E203"),
        (("spec.yaml", "--set", "nonsense"), 1, "E303"),
        (("absent.yaml",), 2, "error: there is no file"),
    ],
)
def test_what_cannot_be_resolved(command: Callable[..., Any], arguments: tuple[str, ...], code: int, told: str) -> None:
    done = command("resolve", *arguments)
    assert (done.code, done.out) == (code, "")
    assert told in done.err
