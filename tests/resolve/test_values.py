"""Variables: values keep their types, places keep pointing at the text, and sizes stay bounded."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistspec.diagnostics import Outcome
from mnistspec.nodes import MappingNode, ScalarNode, plain
from mnistspec.parse import parse
from mnistspec.resolve import MAX_NESTED_VARIABLES, resolve
from mnistspec.source import Source


def _resolved(text: str, *, allow_env: bool = False) -> Outcome[MappingNode]:
    root = parse(Source(text)).value
    assert root is not None
    return resolve(root, allow_env=allow_env)


def _value(text: str) -> object:
    outcome = _resolved(text)
    assert outcome.diagnostics == () and outcome.value is not None
    found = plain(outcome.value)
    assert isinstance(found, dict) and "vars" not in found
    return found["v"]


@pytest.mark.parametrize(
    ("variables", "value", "expected"),
    [
        ("w: 512", "${w}", 512),
        ("w: 512", "${w // 2}", 256),
        ("w: 512", "${w}px", "512px"),
        ("w: 512", "${w}${w}", "512512"),
        ("w: 1", "x${w}", "x1"),
        ("w: 0", "x${w}", "x0"),
        ("w: 1.0", "x${w}", "x1.0"),
        ("w: true", "x${w}", "xtrue"),
        ("w: null", "x${w}", "xnull"),
        ("w: null", "${w}", None),
        ("w: [1, 2]", "${w}", [1, 2]),
        ("w: {a: 1}", "${w}", {"a": 1}),
        ("w: ['${u}', 2], u: 1", "${w}", [1, 2]),
        ("w: '${u + 1}', u: 1", "${w * 2}", 4),
        ("w: [1], u: [2], c: false", "${w if c else u}", [2]),
        ("w: 1", "$${w} ${w}", "${w} 1"),
        ("w: 1", "$$${w} ${w}", "$${w} 1"),
        ("w: 1", "$ {w} ${w} $w", "$ {w} 1 $w"),
        ("w: 1", "${w}}", "1}"),
        ("w: a", "${'}' + w}", "}a"),
        ("w: '1'", "${w}", "1"),
    ],
)
def test_a_lone_expression_keeps_its_type_and_others_become_text(variables: str, value: str, expected: object) -> None:
    found = _value(f'vars: {{{variables}}}\nv: "{value}"\n')
    assert found == expected and type(found) is type(expected)


def test_a_value_keeps_the_place_of_its_use_and_what_is_in_it_its_own() -> None:
    outcome = _resolved("vars:\n  w: [1, 2]\nv: ${w}\n")
    assert outcome.value is not None
    node = outcome.value.get("v")
    assert node is not None and (node.span.line, node.span.text) == (3, "${w}")
    assert [item.span.line for item in node.items] == [2, 2]  # type: ignore[union-attr]


def test_what_holds_no_expression_is_the_very_same_node() -> None:
    root = parse(Source("a: [1, {b: 2}]\nc: text\n")).value
    assert root is not None
    assert resolve(root).value == root
    assert resolve(root).value.get("a") is root.get("a")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("v: ${w}", [("E301", "w")]),
        ("vars: {w: 1}\nv: ${w + u}", [("E301", "u")]),
        ("v: \"a ${'b' + u}\"", [("E301", "u")]),
        ("v: >\n  folded\n  ${u}\n", [("E301", "u")]),
        ("v: ${1 / 0}", [("E302", "/")]),
        ("v: ${open}", [("E301", "open")]),
        ("v: ${w", [("E302", "${w")]),
        ("vars: {a: '${b}', b: '${a}'}\nv: ${a}", [("E304", "a")]),
        ("vars: {a: '${b}', b: '${a}'}\nv: 1", [("E304", "a")]),
        ("vars: {a: '${1/0}'}\nv: ['${a}', '${a + 1}', 'x${a}']", [("E302", "/")]),
        ("vars: {a: ['${1/0}', 2]}\nv: ['${a}', '${a}']", [("E302", "/")]),
        ("vars: {a: [1]}\nv: x${a}", [("E302", "x${a}")]),
        ("vars: {a: [1]}\nv: ${a + 1}", [("E302", "+")]),
        ("vars: {a: 1, b: 2}\nv: ${a}", [("W507", "b")]),
        ("vars: {a: 1, b: 2}\nv: ${c}", [("E301", "c")]),
        ("vars: {a: 1}\nv: 1\nblocks: {b: {needs: [p], layers: ['${p + a}']}}", []),
        ("vars: {a: 1}\nv: 1\nblocks: {b: '${p + a}'}", [("E203", "'${p + a}'")]),
        ("vars: [a]\nv: ${a}", []),
        ('v: "${\\x75}"', [("E301", '"${\\x75}"')]),
        ("v: a ${} b", [("E302", "${}")]),
        ("vars: {a: 1}\nv: ${1 if true else a + u}", [("E301", "u")]),
    ],
)
def test_mistakes_are_told_once_where_they_are_made(text: str, found: list[tuple[str, str]]) -> None:
    outcome = _resolved(text)
    assert [(d.code, d.span.text if d.span is not None else "") for d in outcome.diagnostics] == found


def test_a_value_hidden_by_a_mistake_is_marked() -> None:
    outcome = _resolved("v: ['${u}', 'x${u}']")
    assert outcome.value is not None
    items = outcome.value.get("v").items  # type: ignore[union-attr]
    assert all(isinstance(item, ScalarNode) and item.broken for item in items)


def test_the_environment_is_read_only_when_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNISTSPEC_TEST", "7")
    assert [d.code for d in _resolved("v: ${env.MNISTSPEC_TEST}").diagnostics] == ["E301"]
    allowed = _resolved("v: ${int(env.MNISTSPEC_TEST) + 1}\nw: ${env.MNISTSPEC_TEST}", allow_env=True)
    assert allowed.value is not None and plain(allowed.value) == {"v": 8, "w": "7"}
    absent = _resolved("v: ${env.MNISTSPEC_NO_SUCH}", allow_env=True)
    assert [d.code for d in absent.diagnostics] == ["E301"]


def test_variables_may_need_each_other_only_so_deep() -> None:
    def chain(length: int) -> str:
        links = [f"  v{i}: ${{v{i + 1}}}" for i in range(length)]
        return "\n".join(["vars:", *links, f"  v{length}: 1", "v: ${v0}", ""])

    assert _value(chain(MAX_NESTED_VARIABLES - 1)) == 1
    assert [d.code for d in _resolved(chain(MAX_NESTED_VARIABLES)).diagnostics] == ["E107"]
    assert [d.code for d in _resolved(chain(5000)).diagnostics] == ["E107"]


def test_a_value_may_not_become_too_deep() -> None:
    deep = "[" * 60 + "1" + "]" * 60
    assert _resolved(f"vars: {{a: {deep}}}\nv: ${{a}}\n").diagnostics == ()
    twice = deep.replace("1", '"${a}"')
    assert [d.code for d in _resolved(f"vars: {{a: {deep}}}\nv: {twice}\n").diagnostics] == ["E107"]


_EXPRESSIONS = st.lists(
    st.sampled_from(["${", "}", "$", "a", "b", "'", '"', " ", "+", "(", ")", "1", "$${", "min", ","]), max_size=12
)


@given(_EXPRESSIONS.map("".join), _EXPRESSIONS.map("".join))
@settings(max_examples=150, deadline=None)
def test_no_expression_makes_it_raise_and_every_place_lies_inside(a: str, v: str) -> None:
    quoted = [text.replace("\\", "\\\\").replace('"', '\\"') for text in (a, v)]
    outcome = _resolved(f'vars: {{a: "{quoted[0]}", b: 2}}\nv: "{quoted[1]}"\n')
    assert outcome.value is not None
    for found in outcome.diagnostics:
        assert found.span is not None
        assert 0 <= found.span.start < found.span.end <= len(found.span.source.text)
