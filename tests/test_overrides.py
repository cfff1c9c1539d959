"""`--set`: what goes where, and what is said of a setting that fits nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mnistspec
from mnistspec.exporters.resolved import dump
from mnistspec.nodes import MappingNode, plain
from mnistspec.overrides import override
from mnistspec.parse import parse
from mnistspec.source import Source

_SPEC = "a: {b: 1, c: [10, {d: 20}]}\ne: text\nf: null\ng: &g {x: 1}\nh: *g\n"


def _root() -> MappingNode:
    root = parse(Source(_SPEC)).value
    assert root is not None
    return root


@pytest.mark.parametrize(
    ("setting", "path", "value"),
    [
        ("a.b=2", ["a", "b"], 2),
        ("a.b=1e-3", ["a", "b"], 0.001),
        ("a.b=on", ["a", "b"], "on"),
        ("a.b=", ["a", "b"], None),
        ("a.b = 5", ["a", "b"], 5),
        ("a.b=[1, {c: 2}]", ["a", "b"], [1, {"c": 2}]),
        ("a.b='x=y'", ["a", "b"], "x=y"),
        ("a.b=x=y", ["a", "b"], "x=y"),
        ("a.c.0=11", ["a", "c", 0], 11),
        ("a.c.1.d=21", ["a", "c", 1, "d"], 21),
        ("a.new.deep=1", ["a", "new", "deep"], 1),
        ("f.g=1", ["f", "g"], 1),
        ("n=1", ["n"], 1),
        ("e=other", ["e"], "other"),
        ("h.x=2", ["h", "x"], 2),
    ],
)
def test_a_setting_is_put_at_its_path_and_nowhere_else(setting: str, path: list[str | int], value: object) -> None:
    outcome = override(_root(), [setting])
    assert outcome.diagnostics == () and outcome.value is not None
    changed = plain(outcome.value)
    found: object = changed
    for step in path:
        found = found[step]  # type: ignore[index]
    assert found == value and type(found) is type(value)
    before = plain(_root())
    assert isinstance(changed, dict) and isinstance(before, dict)
    assert {k: v for k, v in changed.items() if k != path[0]} == {k: v for k, v in before.items() if k != path[0]}


def test_the_last_of_several_settings_wins() -> None:
    outcome = override(_root(), ["a={b: 1}", "a.b=2", "a.b=3"])
    assert outcome.value is not None
    assert plain(outcome.value.entry("a").value) == {"b": 3}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("setting", "code", "message", "columns"),
    [
        ("a.b", "E303", "is no setting", (1, 4)),
        ("=1", "E303", "is no setting", (1, 1)),
        ("a..b=1", "E303", "is no setting", (1, 5)),
        (".".join("a" * 999) + "=1", "E303", "is no setting", (1, 1998)),
        ("e.x=1", "E303", "inside `text`", (1, 4)),
        ("a.c.2=1", "E303", "no item of a list of 2", (1, 6)),
        ("a.c.²=1", "E303", "no item of a list of 2", (1, 6)),
        ("a.c.-1=1", "E303", "no item of a list of 2", (1, 7)),
        ("a.c." + "9" * 5000 + "=1", "E303", "no item of a list of 2", (1, 5005)),
        ("a=[1", "E101", "not closed", (3, 4)),
        ("a.b=.nan", "E108", "not a number", (5, 9)),
        ("a=1\nb: 2", "E303", "more than one value", (3, 9)),
        ("a=*g", "E109", "nothing is named", (3, 5)),
        ("a=!!python/name:x y", "E105", "not plain data", (3, 20)),
    ],
)
def test_mistakes_stand_in_the_setting(setting: str, code: str, message: str, columns: tuple[int, int]) -> None:
    outcome = override(_root(), [setting])
    (found,) = outcome.diagnostics
    assert found.code == code and message in found.message
    assert found.path == "--set"
    assert found.span is not None and (found.span.start + 1, found.span.end + 1) == columns


_NAMES = st.text("abcxyz_", min_size=1, max_size=5)


@given(st.lists(_NAMES, min_size=1, max_size=4), st.one_of(st.integers(), st.text("abc ", max_size=5), st.booleans()))
def test_what_is_set_is_found_again(path: list[str], value: object) -> None:
    written = dump(value).removesuffix("...\n").strip()
    outcome = override(MappingNode((), _root().span), [f"{'.'.join(path)}={written}"])
    if isinstance(value, int) and abs(value) >= 2**63:
        assert outcome.diagnostics
        return
    assert outcome.value is not None
    found = plain(outcome.value)
    for name in path:
        assert isinstance(found, dict) and list(found) == [name]
        found = found[name]
    assert found == value


@given(st.text(max_size=30))
def test_no_setting_makes_it_raise(setting: str) -> None:
    outcome = override(_root(), [setting])
    for found in outcome.diagnostics:
        assert found.span is not None and 0 <= found.span.start <= found.span.end <= len(setting)


def test_a_misspelt_setting_is_told_the_key_that_it_would_change() -> None:
    text = "mnistspec: 1\nmodel: {kind: sequential, input: [4], layers: [{Dense: {units: 3}}]}\nfit: {epochs: 2}\n"
    found = {
        setting: mnistspec.check(text, overrides=[setting]).diagnostics[0].help
        for setting in ("fit.epoch=3", "model.layers.0.Dense.unit=3")
    }
    assert found == {
        "fit.epoch=3": "did you mean `epochs`?",
        "model.layers.0.Dense.unit=3": "did you mean `units`?",
    }
