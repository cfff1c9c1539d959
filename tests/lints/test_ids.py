"""Ids beyond those that a layer looks up, as far as they are known before anything is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnistspec import check
from tests.lints.checking import codes, findings

_TABLE = "colour,size,kind\n" + "red,1,a\ngreen,2,b\nblue,3,a\nred,1,b\n" * 3


def _words(layers: str, *, words: int = 1000, more: str = "") -> str:
    data = f"source: {{imdb: {{num_words: {words}}}}}, prepare: {{x: [{{pad_sequences: {{maxlen: 8}}}}]}}{more}"
    return f"data: {{{data}}}\nmodel: {{kind: sequential, layers: [{layers}]}}\n"


@pytest.mark.parametrize(
    ("layers", "found"),
    [
        ("{Embedding: {input_dim: 999, output_dim: 2}}", ["E413"]),
        ("{Embedding: {input_dim: 1000, output_dim: 2}}", []),
        ("{CategoryEncoding: {num_tokens: 999}}", ["E413"]),
        ("{CategoryEncoding: {num_tokens: 1000}}", []),
        ("{ReversibleEmbedding: {input_dim: 5, output_dim: 2}}", ["E413"]),
        ("{Reshape: {target_shape: [2, 4]}}, Flatten, Identity, {Embedding: {input_dim: 5, output_dim: 2}}", ["E413"]),
        ("{Rescaling: {scale: 0.001}}, {Embedding: {input_dim: 5, output_dim: 2}}", []),
        ("{Hashing: {num_bins: 5}}, {Embedding: {input_dim: 5, output_dim: 2}}", []),
        ("{Embedding: {input_dim: 999, outputdim: 2}}", ["E206"]),
    ],
)
def test_words_of_which_a_layer_takes_fewer_than_there_are(layers: str, found: list[str]) -> None:
    assert codes(_words(layers)) == found


@pytest.mark.parametrize(
    ("more", "found"), [("", ["E413"]), (", validation: 0.1", ["E413"]), (", limit: {train: 50}", [])]
)
def test_examples_that_are_left_out_may_be_those_of_the_largest_ids(more: str, found: list[str]) -> None:
    assert codes(_words("{Embedding: {input_dim: 999, output_dim: 2}}", more=more)) == found


def test_the_argument_is_marked_and_mended() -> None:
    (found,) = findings(_words("{Embedding: {input_dim: 999, output_dim: 2, name: looked}}"))
    assert found.message == "`looked` takes the ids 0 to 998, and those of `input` go up to 999"
    assert found.span is not None and found.span.text == "999"
    assert (found.help, found.fix and found.fix.text) == ("write `input_dim: 1000`", "1000")


def test_a_layer_in_a_nested_model_is_looked_at_too() -> None:
    inner = "{input: [8], layers: [{Embedding: {input_dim: 999, output_dim: 2}}]}"
    assert codes(_words(f"{{Sequential: {inner}}}")) == ["E413"]


@pytest.mark.parametrize(
    ("count", "more", "found"),
    [(3, "test_path: a.csv", ["E413"]), (4, "test_path: a.csv", []), (3, "test: 0.2", [])],
)
def test_the_words_of_a_table_are_counted_where_all_of_them_are_trained_on(
    tmp_path: Path, count: int, more: str, found: list[str]
) -> None:
    (tmp_path / "a.csv").write_text(_TABLE)
    source = f"{{csv: {{path: a.csv, label: kind, features: [colour], categories: [colour], {more}}}}}"
    layers = f"[{{Embedding: {{input_dim: {count}, output_dim: 2}}}}]"
    (tmp_path / "spec.yaml").write_text(
        f"mnistspec: 1\ndata: {{source: {source}}}\nmodel: {{kind: sequential, layers: {layers}}}\n"
    )
    assert [one.code for one in check(tmp_path / "spec.yaml").diagnostics] == found
