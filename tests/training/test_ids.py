"""Ids in loaded data against the layers that look them up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnistspec import check
from mnistspec.datasets import load
from mnistspec.diagnostics import BadData
from mnistspec.training.ids import require_ids, require_learnt_ids


def _silent(text: str) -> None:
    pass


def _required(folder: Path, source: str, layer: str, *, streamed: bool = False) -> None:
    spec = folder / "spec.yaml"
    spec.write_text(f"mnistspec: 1\ndata: {{source: {source}}}\nmodel: {{kind: sequential, layers: [{layer}]}}\n")
    result = check(spec)
    assert result.spec is not None and result.spec.data is not None and result.graph is not None
    data = load(result.spec.data, seed=1, folder=folder, say=_silent, warn=_silent, streamed=streamed)
    require_ids(result.graph, data)


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("dtype", ["int32", "float32"])
def test_an_id_of_any_split_that_the_layer_does_not_take(tmp_path: Path, dtype: str, streamed: bool) -> None:
    x = np.array([[0, 1], [2, 2]] * 4, dtype)
    y = np.zeros(8, "int64")
    np.savez(tmp_path / "a.npz", x_train=x, y_train=y, x_test=x + 1, y_test=y)
    source, layer = "{npz: {path: a.npz}}", "{{Embedding: {{input_dim: {}, output_dim: 2, name: looked}}}}"
    _required(tmp_path, source, layer.format(4), streamed=streamed)
    with pytest.raises(BadData) as caught:
        _required(tmp_path, source, layer.format(3), streamed=streamed)
    said = "`input` of the test split has the id 3, but `looked` takes the ids 0 to 2; write `input_dim: 4`."
    assert str(caught.value) == said
    with pytest.raises(BadData, match=r"train split has the id 2, but `looked` takes .* write `input_dim: 4`\."):
        _required(tmp_path, source, layer.format(2), streamed=streamed)


def test_the_words_of_a_table_are_those_of_the_training_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("town,y\n" + "".join(f"town{i},{i % 2}\n" for i in range(20)))
    source = "{csv: {path: a.csv, label: y, categories: [town]}}"
    _required(tmp_path, source, "{CategoryEncoding: {num_tokens: 17}}")
    with pytest.raises(BadData, match=r"has the id 16, but .* takes the ids 0 to 15; write `num_tokens: 17`\."):
        _required(tmp_path, source, "{CategoryEncoding: {num_tokens: 16}}")


def test_what_has_no_numbers_or_passes_other_layers_is_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("word,y\nred,0\nblue,1\ngreen,0\nred,1\n")
    text = "{csv: {path: a.csv, label: y, text: [word]}}"
    _required(tmp_path, text, "{Hashing: {num_bins: 2}}, {Embedding: {input_dim: 2, output_dim: 2}}")


@pytest.mark.parametrize(
    "layer",
    ["Embedding: {input_dim: 4, output_dim: 2, name: looked}", "CategoryEncoding: {num_tokens: 4, name: looked}"],
)
def test_an_id_below_zero(tmp_path: Path, layer: str) -> None:
    x, y = np.array([[0, 1], [2, -1]] * 4), np.zeros(8, "int64")
    np.savez(tmp_path / "a.npz", x_train=np.abs(x), y_train=y, x_test=x, y_test=y)
    with pytest.raises(BadData) as caught:
        _required(tmp_path, "{npz: {path: a.npz}}", f"{{{layer}}}")
    assert str(caught.value) == (
        "`input` of the test split has the id -1, but `looked` takes the ids 0 to 3; ids count from 0."
    )


def test_ids_that_a_trained_model_has_learnt_nothing_of() -> None:
    layers = "[{Embedding: {input_dim: 4, output_dim: 2, name: looked}}]"
    typed = check(f"mnistspec: 1\nmodel: {{kind: sequential, input: [2], layers: {layers}}}\n").graph
    assert typed is not None
    require_learnt_ids(typed, {"x": np.array([[0, 3]])}, "a.csv")
    for wrong, told in ((4, "4"), (-1, "-1"), (np.nan, "NaN"), (np.inf, "infinity")):
        with pytest.raises(BadData) as caught:
            require_learnt_ids(typed, {"x": np.array([[0, wrong]])}, "a.csv")
        assert str(caught.value) == f"`input` of a.csv has the id {told}, but `looked` takes the ids 0 to 3."
