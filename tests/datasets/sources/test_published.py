from __future__ import annotations

import re
from pathlib import Path

import pytest

from mnistspec.datasets import SOURCES, StepProblem, facts_of, prepared_facts
from mnistspec.datasets.facts import ArrayFacts
from mnistspec.datasets.sources import cifar10, cifar100, fashion_mnist, reuters

from ..making import data_of, source_of

HERE = Path()


def test_class_names_are_complete() -> None:
    names = (fashion_mnist.CLOTHES, cifar10.THINGS, cifar100.THINGS, cifar100.GROUPS, reuters.TOPICS)
    assert [len(set(some)) for some in names] == [10, 10, 100, 20, 46]


def test_every_file_has_an_address_and_a_digest() -> None:
    for source in SOURCES.values():
        for file in source.files:
            assert file.url.startswith("https://")
            assert re.fullmatch("[0-9a-f]{64}" if file.algorithm == "sha256" else "[0-9a-f]{32}", file.digest)


@pytest.mark.parametrize(
    ("text", "train", "test"),
    [
        ("boston_housing", 404, 102),
        ("{boston_housing: {test_split: 0.5}}", 253, 253),
        ("california_housing", 16512, 4128),
        ("{california_housing: {version: small}}", 480, 120),
        ("reuters", 8982, 2246),
        ("{reuters: {maxlen: 100}}", None, None),
        ("{imdb: {maxlen: 100}}", None, None),
        ("imdb", 25000, 25000),
    ],
)
def test_splits_have_the_sizes_that_keras_gives_them(text: str, train: int | None, test: int | None) -> None:
    facts = facts_of(source_of(text), HERE)
    assert (facts.train, facts.test) == (train, test)


def test_coarse_labels_name_the_groups() -> None:
    facts = facts_of(source_of("{cifar100: {label_mode: coarse}}"), HERE)
    assert (facts.y["y"].classes, len(facts.class_names)) == (20, 20)


def test_word_ids_stay_below_num_words() -> None:
    facts = facts_of(source_of("{imdb: {num_words: 1000}}"), HERE)
    assert facts.x["x"] == ArrayFacts((None,), "int32", 0, 999, ragged=True)


def test_sequences_must_be_padded() -> None:
    data = data_of("source: imdb")
    with pytest.raises(StepProblem, match="the examples of `x` differ in length") as caught:
        prepared_facts(data, HERE)
    assert caught.value.step is None and caught.value.span is data.source.span
    assert "pad_sequences" in str(caught.value.help)
    padded = prepared_facts(data_of("{source: imdb, prepare: {x: [{pad_sequences: 80}]}}"), HERE)
    assert padded.x["x"].shape == (80,)
