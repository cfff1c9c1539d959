"""What is known of examples before they are read is their form to the last size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnistspec.datasets import load, prepared_facts
from mnistspec.datasets.blank import blank_split
from mnistspec.datasets.stored import Stored

from .making import data_of

_SAMPLE = "source: mnist_sample\nvalidation: 0.1\nlimit: {train: 300}\n"
_OWN = "source: {npz: {path: a.npz}}\nvalidation: 0.2\n"
_FORMS = [
    f"{_SAMPLE}prepare: {{x: [{{rescale: 255}}]}}",
    f"{_SAMPLE}prepare: {{x: [{{reshape: [784]}}, {{rescale: 255}}], y: [{{one_hot: 10}}]}}",
    f"{_SAMPLE}prepare: {{x: [{{rescale: 255}}, {{expand_dims: -1}}]}}",
    f"{_SAMPLE}prepare: {{x: [{{cast: float32}}]}}",
    _SAMPLE,
    f"{_OWN}prepare: {{x: [{{rescale: 255}}, {{reshape: [-1]}}]}}",
    f"{_OWN}prepare: {{x: [{{cast: float32}}, {{rescale: 2}}]}}",
    "source: {csv: {path: a.csv, label: c, test: 0.2}}\nvalidation: 0.1",
]


def form(arrays: Any) -> dict[str, Any]:
    """All that a graph for batches of the arrays depends on."""
    return {
        name: (held.raw.dtype, held.raw.shape, [(step.name, dict(step.options)) for step in held.steps])
        if isinstance(held, Stored)
        else (held.dtype, held.shape)
        for name, held in arrays.items()
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pictures, labels = np.zeros((40, 3, 4), "uint8"), (np.arange(40) % 2).astype("int16")
    np.savez(tmp_path / "a.npz", x_train=pictures, y_train=labels, x_test=pictures[:8], y_test=labels[:8])
    rows = "\n".join(f"{number}.5,{number},{number % 3}" for number in range(50))
    (tmp_path / "a.csv").write_text(f"a,b,c\n{rows}\n")
    return tmp_path


@pytest.mark.parametrize("stored", [False, True], ids=["prepared", "stored"])
@pytest.mark.parametrize("text", _FORMS)
def test_the_form_is_that_of_the_examples(text: str, stored: bool, folder: Path) -> None:
    data = data_of(text)
    blank = blank_split(data.source, prepared_facts(data, folder), stored=stored)
    train = load(data, seed=7, folder=folder, say=print, stored=stored).train
    assert blank is not None and blank.size == train.size
    assert (form(blank.x), form(blank.y)) == (form(train.x), form(train.y))


@pytest.mark.parametrize(
    "text",
    [
        f"{_SAMPLE}prepare: {{x: [{{rescale: 255}}, standardize]}}",
        "source: imdb\nprepare: {x: [{pad_sequences: {maxlen: 20}}]}",
        "source: {npz: {path: absent.npz}}",
    ],
    ids=["a step that learns", "data to be downloaded", "a file that is not there"],
)
def test_without_the_form_there_is_nothing(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(folder))
    data = data_of(text)
    assert blank_split(data.source, prepared_facts(data, folder), stored=True) is None


# 270 images of 28 by 28 bytes are 211,680; their labels, a byte each, go beyond with them.
@pytest.mark.parametrize("most", [1000, 211_700], ids=["for an array", "for all together"])
def test_much_memory_is_not_set_aside(most: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = data_of(_FORMS[0])
    monkeypatch.setattr("mnistspec.datasets.blank._MOST", most)
    assert blank_split(data.source, prepared_facts(data, folder), stored=True) is None
