"""The one layout: what it looks like, that it keeps what is written, and that it is reached in one step."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mnistspec.exporters.resolved import dump, resolved_text
from mnistspec.layout import lay_out
from mnistspec.nodes import plain
from mnistspec.parse import parse
from mnistspec.pipeline import check_source
from mnistspec.source import Source

_ROOT = Path(__file__).parents[2]
_SPECS = sorted((_ROOT / "specs").glob("*.yaml"))
_CASES = sorted((_ROOT / "tests" / "golden").glob("*/*.yaml"))


def _laid(text: str) -> str:
    """The text in the one layout, which it has at once and for good."""
    layout = lay_out(Source(text))
    assert layout.diagnostics == () and layout.left is None
    assert lay_out(Source(layout.text)).text == layout.text
    return layout.text


def _said(text: str) -> str:
    """What a text says with the order of its keys and the types of its values."""
    root = parse(Source(text)).value
    assert root is not None
    return repr(plain(root))


@pytest.mark.parametrize(
    ("written", "laid"),
    [
        pytest.param("a:   1\nb:    two\n\n\n\nc: 3\n", "a: 1\nb: two\n\nc: 3\n", id="blanks"),
        pytest.param(
            "model:\n    layers:\n    - Dense:\n        units: 10\n    -   Flatten\n",
            "model:\n  layers:\n    - Dense: {units: 10}\n    - Flatten\n",
            id="indentation and short entries",
        ),
        pytest.param("model: {layers: [Flatten]}\n", "model:\n  layers:\n    - Flatten\n", id="sections and layers"),
        pytest.param("fit: {}\nmodel: {layers: []}", "fit: {}\nmodel:\n  layers: []\n", id="nothing in them"),
        pytest.param("ignore:\n- a\n- b\n", "ignore: [a, b]\n", id="a list in brackets"),
        pytest.param("a:\n  b: one, two\n  c: ${x}\n", "a:\n  b: one, two\n  c: ${x}\n", id="not in brackets"),
        pytest.param("x: {y: {z: one, w: 2}}\n", "x:\n  y: {z: one, w: 2}\n", id="stays in brackets"),
        pytest.param("x:\n  y:\n    z: ${w}\n", "x:\n  y:\n    z: ${w}\n", id="an expression without quotes"),
        pytest.param("---\na: 1\n...\n", "a: 1\n", id="marks of the document"),
        pytest.param('{"a": 1, "b": [2]}', '"a": 1\n"b": [2]\n', id="JSON"),
        pytest.param("a: 'it''s'\nb: \"x\\ty\"\n", "a: 'it''s'\nb: \"x\\ty\"\n", id="quotes"),
        pytest.param("a: |\n    one\n      two\n\nb: 1\n", "a: |\n  one\n    two\n\nb: 1\n", id="a text of lines"),
        pytest.param("a:\n    b: |2-\n       x\n    c: 1\n", "a:\n  b: |2-\n     x\n  c: 1\n", id="said indentation"),
        pytest.param("a: |+\n  x\n\n\nb: >-  # why\n  y\n", "a: |+\n  x\n\n\nb: >-  # why\n  y\n", id="kept ends"),
        pytest.param("a: one\n      two\n\n      three\n", "a: one\n  two\n\n  three\n", id="a plain text of lines"),
        pytest.param('a: "one\n    two \\\n    x"\n', 'a: "one\n  two \\\n  x"\n', id="a quoted text of lines"),
        pytest.param(
            "a: &x\n    b: 1\nc:\n    <<: *x\n    d: [*x, *x]\n",
            "a: &x\n  b: 1\nc:\n  <<: *x\n  d: [*x, *x]\n",
            id="anchors, aliases and merges",
        ),
        pytest.param("a: !!str 1\nb: [&n 2, *n]\n", "a: !!str 1\nb: [&n 2, *n]\n", id="tags"),
        pytest.param("? a\n: 1\n", "a: 1\n", id="a key with its mark"),
        pytest.param("a:\n  - - 1\n    - b: x, y\n", "a:\n  - - 1\n    - b: x, y\n", id="lists in lists"),
        pytest.param("a:\n  - &x\n    b: 1, 2\n", "a:\n  - &x\n    b: 1, 2\n", id="an anchor of an item"),
        pytest.param("a:\nb: ~\n", "a:\nb: ~\n", id="null in two ways"),
    ],
)
def test_the_layout_of_values(written: str, laid: str) -> None:
    assert _laid(written) == laid
    assert _said(laid) == _said(written)


@pytest.mark.parametrize(
    ("written", "laid"),
    [
        pytest.param("# head\n\n\na: 1 # end\n# foot", "# head\n\na: 1  # end\n# foot\n", id="head, end and foot"),
        pytest.param(
            "a: 1                  # stands off\nlong_name: 2          # in a column\n",
            "a: 1                  # stands off\nlong_name: 2          # in a column\n",
            id="a column of comments",
        ),
        pytest.param(
            "a: 1     # one\n         # two\nb: 2\n", "a: 1     # one\n         # two\nb: 2\n", id="going on below"
        ),
        pytest.param(
            "a:\n    b: 1\n    # of a\nc: 2\n# of all\n", "a:\n  b: 1\n  # of a\nc: 2\n# of all\n", id="a map's foot"
        ),
        pytest.param(
            "model:\n  layers:\n  - A\n  # - B\n  kind: x\n", "model:\n  layers:\n    - A\n  # - B\n  kind: x\n",
            id="above what follows in its column",
        ),
        pytest.param(
            "model:\n  layers:\n  - A\n  # - B\n", "model:\n  layers:\n    - A\n    # - B\n", id="the foot of a list"
        ),
        pytest.param("a: {b: [1, # one\n   2]}\n", "a:\n  b:\n    - 1  # one\n    - 2\n", id="between brackets"),
        pytest.param(
            "a: [1,\n  # two\n  2\n  # end\n  ]\n", "a:\n  - 1\n  # two\n  - 2\n  # end\n", id="lines between brackets"
        ),
        pytest.param("a:  # why\n  b: # how\n    c: 1\n", "a:  # why\n  b:  # how\n    c: 1\n", id="behind keys"),
        pytest.param("a:\n  - b: 1  # x\n    c: 2\n", "a:\n  - b: 1  # x\n    c: 2\n", id="in an item"),
        pytest.param("a:\n  # x\n  - b: 1\n  - # y\n    c: 2\n", "a:\n  # x\n  - b: 1\n  # y\n  - c: 2\n", id="a dash"),
        pytest.param("a:\n  # x\n  1\n", "# x\na: 1\n", id="between key and value"),
        pytest.param("a: [  # x\n  1]  # y\n", "# x\na:  # y\n  - 1\n", id="two of one line"),
        pytest.param("a: '# no'\nb: x#no\nc: |\n  # no\n", "a: '# no'\nb: x#no\nc: |\n  # no\n", id="none of them"),
        pytest.param("a: [{ # x\n  b: 1, c: 2}]\n", "a:\n  - {b: 1, c: 2}  # x\n", id="behind a bracket of an item"),
        pytest.param("a: {b: []} # x\n", "a:  # x\n  b: []\n", id="behind brackets that open"),
    ],
)  # fmt: skip
def test_comments_keep_their_place(written: str, laid: str) -> None:
    assert _laid(written) == laid


def test_a_line_has_120_characters_at_most_and_its_comment_is_not_counted() -> None:
    def spec(width: int, comment: str = "") -> str:
        return f"a:\n  - Dense: {{units: 10, name: {'x' * (width - 30)}}}{comment}\n"

    assert _laid(spec(120)) == spec(120)
    assert _laid(spec(120, "  # a comment")) == spec(120, "  # a comment")
    assert _laid(spec(121)).splitlines()[1:3] == ["  - Dense:", "      units: 10"]


def test_a_comment_that_ignores_a_finding_keeps_its_line() -> None:
    spec = "a:\n  - Dense: {units: 10, name: %s}  # mnistspec: ignore[needless-bias]\n" % ("x" * 120)
    assert _laid(spec) == spec
    moved = Source("model: {layers: [Flatten, {Dense: {units: 3}}]}  # mnistspec: ignore[needless-bias]\n")
    assert "ignore" in str(lay_out(moved).left) and lay_out(moved).text == moved.text


@pytest.mark.parametrize(
    "text",
    ["%YAML 1.2\n---\na: 1\n", "a: &x k\nb: {*x : 1}\n", "a: |\n  x", f"? {'x' * 2000}\n: 1\n"],
    ids=["a directive", "an alias", "no line end", "a long key"],
)
def test_what_cannot_be_kept_is_left_as_it_is_with_a_word_why(text: str) -> None:
    layout = lay_out(Source(text))
    assert layout.text == text and layout.left is not None


def test_json_files_stay_json() -> None:
    layout = lay_out(Source('{"a": 1}', "a.json", Path("a.json")))
    assert not layout.is_changed and layout.left is not None


def test_a_text_that_cannot_be_read_is_left_with_its_findings() -> None:
    layout = lay_out(Source("a: [1\nb: 2\n"))
    assert [found.code for found in layout.diagnostics] == ["E101"] and not layout.is_changed
    assert [found.code for found in lay_out(Source("a: 1\na: 2\n")).diagnostics] == ["E103"]


def test_line_ends_stay_as_the_first_one_is() -> None:
    assert lay_out(Source("a:   1\r\nb: |\r\n   x\r\n   y\r\n")).text == "a: 1\r\nb: |\r\n  x\r\n  y\r\n"


@pytest.mark.parametrize("path", _SPECS, ids=lambda path: path.stem)
def test_the_example_specs_are_in_the_one_layout(path: Path) -> None:
    text = path.read_text("utf-8")
    assert lay_out(Source(text, str(path), path)).text == text


@pytest.mark.parametrize("page", ["README.md", "docs/language.md", "docs/runs.md"])
def test_the_examples_of_the_manual_are_in_the_one_layout(page: str) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", (_ROOT / page).read_text("utf-8"), re.DOTALL)
    for layout in map(lay_out, map(Source, examples)):
        assert not layout.is_changed and layout.left is None


@pytest.mark.parametrize("path", _SPECS, ids=lambda path: path.stem)
def test_resolved_specs_are_in_the_one_layout(path: Path) -> None:
    result = check_source(Source(path.read_text("utf-8"), str(path), path))
    assert result.spec is not None and result.graph is not None
    text = resolved_text(result.spec, result.graph.graph)
    assert lay_out(Source(text)).text == text


def test_every_spec_of_the_golden_folders_says_the_same_afterwards() -> None:
    changed = 0
    for path in _CASES:
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        layout = lay_out(Source(text, str(path), path))
        if not layout.diagnostics:
            assert _said(layout.text) == _said(text), path
            assert lay_out(Source(layout.text)).text == layout.text, path
            changed += layout.is_changed
    assert changed > 50


_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-99, 99), st.floats(-1e9, 1e9), st.text(max_size=12),
    st.sampled_from(["${width}", "a, b", "# x", "x # y", "a: b", "-", "- a", "?", "[", "two\nlines\n", "\n", " x"]),
)  # fmt: skip
_PLAIN = st.recursive(
    st.text("ab:-#{}, 0\n") | st.floats(-9, 9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab", min_size=1), inner, max_size=4),
)
_KEYS = st.text(min_size=1, max_size=8).filter(lambda key: key != "<<")
_DATA = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4))


@given(
    document=st.dictionaries(_KEYS | st.sampled_from(["model", "data", "layers"]), _DATA, min_size=1, max_size=4),
    style=st.sampled_from([None, "'", '"', "|", ">"]),
    flow=st.sampled_from([True, False, None]),
    width=st.sampled_from([10, 80, 1000]),
    indent=st.integers(2, 6),
)
@settings(max_examples=150, deadline=None)
@example({"a": {"b": " x\n\n  y"}}, "|", False, 10, 4)
def test_what_is_written_in_any_way_says_the_same_in_the_one_layout(
    document: dict[str, Any], style: str | None, flow: bool | None, width: int, indent: int
) -> None:
    text = yaml.safe_dump(
        document, default_style=style, default_flow_style=flow, width=width, indent=indent, allow_unicode=True
    )
    before = parse(Source(text))
    if before.value is None or before.diagnostics:
        return
    layout = lay_out(Source(text))
    after = parse(Source(layout.text))
    assert after.value is not None and repr(plain(after.value)) == repr(plain(before.value))
    assert lay_out(Source(layout.text)).text == layout.text


@given(document=st.dictionaries(st.sampled_from(["a", "layers", "-", ": b", "0"]), _PLAIN, min_size=1, max_size=4))
@settings(max_examples=50, deadline=None)
def test_what_is_dumped_is_in_the_one_layout(document: dict[str, Any]) -> None:
    text = dump(document)
    layout = lay_out(Source(text))
    assert layout.diagnostics == () and layout.text == text


@given(
    st.lists(
        st.sampled_from(
            [
                "a: 1",
                "b:",
                "  c: 2",
                "    d: [1, 2]",
                "# x",
                "  # y",
                "      # z",
                "  - e",
                "- f: {g: 1}",
                "",
                "  k: |",
                "    text",
                "  l: 'm",
                "    n'",
                "  o: [p,",
                "    # q",
                "    r]",
                "  s: 1  # t",
                "u: &v",
                "w: *v",
            ]
        ),
        max_size=12,
    )
)
@settings(max_examples=300, deadline=None)
@example(["b:", "  - e", "    # x", "  # y", "# z"])
def test_lines_in_any_order_keep_their_comments_and_what_they_say(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    layout = lay_out(Source(text))
    if layout.diagnostics or layout.left:
        assert layout.text == text
        return
    assert _said(layout.text) == _said(text)
    assert layout.text.count("#") == text.count("#")
    assert lay_out(Source(layout.text)).text == layout.text


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 90 + "]" * 90 + "\n",
        "a: [" + "1, " * 5_000 + "1]\n",
        "a: 1\n" + "# x\n" * 5_000,
        "a: 1" + " " * 100_000 + "# x\n",
        "a: {" + "b: {c: [1]}, " * 5_000 + "}\n",
        " " * 50_000 + "# x\na: [" + "x, " * 5_000 + "1]\n",
        "a: |\n" + "\n" * 50_000 + "b: 1\n",
        "a: '" + "x\n\n" * 5_000 + "'\n",
        "a: &" + "x" * 50_000 + " 1\n",
        "a:\n" + "".join(f"  {' ' * level}k:\n" for level in range(90)) + " # x\n" * 5_000,
    ],
    ids=["deep", "wide", "comments", "blanks", "collections", "wide below wide", "lines", "text", "anchor", "feet"],
)
def test_no_text_takes_long(text: str) -> None:
    started = time.perf_counter()
    lay_out(Source(text))
    assert time.perf_counter() - started < 10
