"""Reading text: nothing raises, everything has its place, and what cannot be read is told where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistspec.diagnostics import Diagnostic, Outcome, UsageError
from mnistspec.nodes import MappingNode, Node, ScalarNode, SequenceNode, plain
from mnistspec.parse import MAX_BYTES, decode, parse, read_source
from mnistspec.source import Source, Span

_GOLDEN = Path(__file__).parents[1] / "golden"
_SPECS = [path.read_bytes() for path in sorted(_GOLDEN.glob("*/*.yaml"))]
_PIECES = st.sampled_from(
    ["{", "}", "[", "]", ": ", ", ", "- ", "\n", "\r\n", "\r", "  ", "\t", "#", "'", '"', "&a ", "*a", "<<: ", "!!str ",
     "! ", "!x ", "|", ">-", "---", "...", "%YAML 1.2", "? ", "a", "b", "1", "1.5", "0x1", ".nan", "~", "\\", "\x85",
     "\u2028", "\ufeff", "é", "😀", "\x00", "$", "${a}"]
)  # fmt: skip


def _spans(node: Node) -> list[Span]:
    if isinstance(node, SequenceNode):
        return [node.span, *(span for item in node.items for span in _spans(item))]
    if isinstance(node, MappingNode):
        return [node.span, *(s for entry in node.entries for s in (entry.key.span, *_spans(entry.value)))]
    return [node.span]


def _inside(span: Span) -> bool:
    return 0 <= span.start <= span.end <= len(span.source.text) and span.line >= 1 and span.column >= 1


def _in_order(outcome: Outcome[MappingNode]) -> bool:
    found = [place.span for d in outcome.diagnostics for place in (d, *d.related) if place.span is not None]
    return all(map(_inside, [*found, *(_spans(outcome.value) if outcome.value is not None else [])]))


@given(st.one_of(st.binary(max_size=60), st.sampled_from(_SPECS).flatmap(lambda data: _cut(data))))
@settings(max_examples=200, deadline=None)
def test_no_bytes_make_reading_raise(data: bytes) -> None:
    decoded = decode(data, "drawn.yaml")
    assert (decoded.value is None) == bool(decoded.diagnostics)
    if decoded.value is not None:
        assert _in_order(parse(decoded.value))


@st.composite
def _cut(draw: st.DrawFn, data: bytes) -> bytes:
    """Two ends of a spec with something else between."""
    start, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
    return data[:start] + draw(st.binary(max_size=3)) + data[end:]


@given(st.lists(_PIECES, max_size=25).map("".join))
@settings(max_examples=200, deadline=None)
def test_no_text_makes_reading_raise_and_every_place_lies_inside(text: str) -> None:
    assert _in_order(parse(Source(text)))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("no", "no"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("1e-3", 0.001),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("-0", 0),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2024-01-01", "2024-01-01"),
        ("1.2.3", "1.2.3"),
        ("=", "="),
        ("'1'", "1"),
        ('"true"', "true"),
        ("!!str 1", "1"),
        ("! 1", "1"),
        ("!!float 1", 1.0),
        ("!!int 7", 7),
        ("!!null ~", None),
        ("!!bool true", True),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("0000000000000000000000000000007", 7),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    outcome = parse(Source(f"v: {text}\n"))
    assert outcome.diagnostics == () and outcome.value is not None
    found = outcome.value.get("v")
    assert isinstance(found, ScalarNode)
    assert found.value == value and type(found.value) is type(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9223372036854775808", "E108"),
        ("9" * 5000, "E108"),
        ("0x" + "f" * 5000, "E108"),
        ("1e999", "E108"),
        ("-.inf", "E108"),
        (".NaN", "E108"),
        ("!!int x", "E105"),
        ("!!timestamp 2024-01-01", "E105"),
        ("!!binary aa", "E105"),
        ("!!set {a}", "E105"),
        ("!!omap [a: 1]", "E105"),
        ("!!python/name:os.system ''", "E105"),
    ],
)
def test_values_that_a_spec_cannot_hold_are_told_at_their_place(text: str, code: str) -> None:
    (found,) = parse(Source(f"key: {text}\n")).diagnostics
    assert (found.code, found.line, found.column) == (code, 1, 6)


def test_a_place_is_that_of_the_value_without_its_anchor_and_tag() -> None:
    source = Source("a: &x !!str 5\nb: *x\nc: &y\n  d: 1\n")
    outcome = parse(source)
    assert outcome.value is not None
    texts = {entry.name: entry.value.span.text for entry in outcome.value.entries}
    assert texts == {"a": "5", "b": "*x", "c": "d: 1"}


def test_a_block_ends_with_its_last_value() -> None:
    source = Source("a:\n  b: [1, []]\n  c: {}\n\n# a comment\n\nd:\n  - x\n  - *y\n".replace("*y", "|\n    text\n"))
    outcome = parse(source)
    assert outcome.value is not None
    texts = [entry.value.span.text for entry in outcome.value.entries]
    assert texts == ["b: [1, []]\n  c: {}", "- x\n  - |\n    text"]


def test_merge_keys_give_what_is_not_written_and_the_first_of_several_wins() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], z: 3}\nd: {z: 3, <<: *b}\ne: {'<<': 1}\n"
    outcome = parse(Source(text))
    assert outcome.diagnostics == () and outcome.value is not None
    read = plain(outcome.value)
    assert isinstance(read, dict)
    assert read["c"] == {"z": 3, "x": 1, "y": 1}
    assert read["d"] == {"z": 3, "y": 2}
    assert read["e"] == {"<<": 1}


def test_class_ids_are_keys_and_a_key_is_one_whatever_its_quotes() -> None:
    outcome = parse(Source("0: a\n1: b\n'0': c\n"))
    assert outcome.value is not None
    assert plain(outcome.value) == {"0": "a", "1": "b"}
    assert [(d.code, d.line) for d in outcome.diagnostics] == [("E103", 3)]


def test_columns_count_characters() -> None:
    (found,) = parse(Source("é: 😀\nname: [é, 😀, .nan]\n")).diagnostics
    assert (found.line, found.column, found.end_column) == (2, 14, 18)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_count_alike_whatever_ends_them(ending: str) -> None:
    (found,) = parse(Source(f"a: 1{ending}{ending}b: .nan{ending}")).diagnostics
    assert (found.line, found.column) == (3, 4)


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b"\xff\xfea\x00", "E102", "the file is UTF-16"),
        (b"\xfe\xff\x00a", "E102", "the file is UTF-16"),
        ("\ufeffmnistspec: 1".encode("utf-32-le"), "E102", "the file is UTF-32"),
        ("\ufeffmnistspec: 1".encode("utf-32-be"), "E102", "the file is UTF-32"),
        *(
            (f"# {comment}\nmnistspec: 1\nname: a\n".encode(encoding), "E102", f"{encoding[:6].upper()} without a byte")
            for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
            for comment in ("plain", "Größe", "слой")
        ),
        (b"a: caf\xe9", "E102", "0xe9"),
        (b"\xef\xbb\xbfa: caf\xe9", "E102", "0xe9"),
        (b"a: \xf0\x9f", "E102", "0xf0"),
        (b"x" * (MAX_BYTES + 1), "E107", "4 MiB"),
        ("é".encode() * (MAX_BYTES // 2 + 1), "E107", "4 MiB"),
    ],
)
def test_bytes_that_are_no_spec(data: bytes, code: str, message: str) -> None:
    outcome = decode(data, "spec.yaml")
    assert outcome.value is None
    assert outcome.diagnostics[0].code == code
    assert message in outcome.diagnostics[0].message


def test_text_with_zeros_in_it_is_no_other_encoding() -> None:
    for data in (b"a: b\0c\n" * 20, b"\0" * 100, b"a\0b", b"mnistspec: 1\n" + b"\0" * 2000):
        decoded = decode(data, "spec.yaml")
        assert decoded.value is not None
        assert [found.message for found in parse(decoded.value).diagnostics] == [
            "the character U+0000 cannot stand in YAML"
        ]


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\x9b", "\ufffe", "\ud800", "\ufeff"])
def test_characters_that_yaml_does_not_have_are_told_at_their_place(character: str) -> None:
    (found,) = parse(Source(f"a: 1\nb: x{character}\n")).diagnostics
    assert (found.code, found.line, found.column) == ("E102", 2, 5)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a:\t1\n", (1, 3)),
        ("a: [1,\t2]\n", (1, 7)),
        ("a: 1\t# comment\n", (1, 5)),
        ("a:\n\tb: 1\n", (2, 1)),
        ("a: 1 # a\tcomment\nb:\t2\n", (2, 3)),
    ],
)
def test_a_tab_between_values_is_an_error(text: str, place: tuple[int, int]) -> None:
    (found,) = parse(Source(text)).diagnostics
    assert (found.code, (found.line, found.column)) == ("E101", place)


@pytest.mark.parametrize("text", ["a: 'x\ty'\n", "a: x\ty\n", "a: |\n  x\ty\n", "# x\ty\na: 1 # x\ty\tz\n"])
def test_a_tab_inside_a_string_or_comment_is_none(text: str) -> None:
    assert parse(Source(text)).diagnostics == ()


def test_a_broken_value_is_told_once_however_often_it_is_used() -> None:
    outcome = parse(Source("a: &x .nan\nb: *x\nc: [*x]\n"))
    assert len(outcome.diagnostics) == 1 and outcome.value is not None
    assert all(isinstance(v, ScalarNode) and v.broken for v in (outcome.value.get("a"), outcome.value.get("b")))


def test_what_can_be_read_past_is_collected() -> None:
    outcome = parse(Source("a: .nan\na: 2\ntrue: 1\nb: 1e999\n"))
    assert [(d.code, d.line) for d in outcome.diagnostics] == [("E108", 1), ("E103", 2), ("E106", 3), ("E108", 4)]


def test_a_file_that_is_not_there_or_none(tmp_path: Path) -> None:
    for path, message in ((tmp_path / "no.yaml", "there is no file"), (tmp_path, "is a folder")):
        with pytest.raises(UsageError, match=message):
            read_source(path)
    with pytest.raises(UsageError, match="cannot be read"):
        read_source(Path("a\0b.yaml"))


def test_a_file_is_shown_under_the_name_that_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: .nan\n")
    source = read_source(tmp_path / "a.yaml", "shown.yaml").value
    assert source is not None and source.folder == tmp_path
    (found,) = parse(source).diagnostics
    assert isinstance(found, Diagnostic) and str(found).startswith("shown.yaml:1:4: error[E108]")
