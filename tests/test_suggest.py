"""Did you mean: slips of the finger, words from elsewhere, and silence where nothing is near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnistspec.catalogue import load
from mnistspec.suggest import suggest

_LAYERS = tuple(load()["layers"].classes)
_METRICS = tuple(load()["metrics"].names())
_OPTIMIZERS = tuple(load()["optimizers"].names())


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("Dnese", _LAYERS, "Dense"),
        ("dense", _LAYERS, "Dense"),
        ("Conv2d", _LAYERS, "Conv2D"),
        ("conv_2d", _LAYERS, "Conv2D"),
        ("MaxPool2d", _LAYERS, "MaxPooling2D"),
        ("nn.Linear", _LAYERS, "Dense"),
        ("BatchNorm", _LAYERS, "BatchNormalization"),
        ("adma", _OPTIMIZERS, "adam"),
        ("Adma", _OPTIMIZERS, "Adam"),
        ("acuracy", _METRICS, "accuracy"),
        ("Acuracy", _METRICS, "Accuracy"),
        ("lr", ("learning_rate", "epsilon"), "learning_rate"),
        ("activaton", ("activation", "use_bias"), "activation"),
        ("filtres", ("filters", "kernel_size"), "filters"),
        ("zebra", _LAYERS, None),
        ("c", ("a", "b"), None),
        ("", ("a",), None),
        ("a", (), None),
    ],
)
def test_what_was_probably_meant(word: str, known: tuple[str, ...], meant: str | None) -> None:
    assert suggest(word, known) == meant


@given(st.sampled_from([name for name in _LAYERS if len(name) > 4]), st.data())
def test_two_letters_swapped_are_seen_through(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(name) - 3))
    slip = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    assert suggest(slip, [name]) == name


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=6))
def test_only_known_names_are_suggested(word: str, known: list[str]) -> None:
    assert suggest(word, known) in (None, *known)
