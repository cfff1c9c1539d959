"""Did you mean: slips of the finger, words from elsewhere, and silence where nothing is near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnistspec.catalogue import load
from mnistspec.suggest import Suggestion, suggest, suggestion

_LAYERS = tuple(load()["layers"].classes)
_LOSSES = tuple(load()["losses"].names())
_METRICS = tuple(load()["metrics"].names())
_FUNCTIONS = tuple(load()["ops"].classes)
_OPTIMIZERS = tuple(load()["optimizers"].names())


@pytest.mark.parametrize(
    ("word", "known", "context", "meant"),
    [
        ("Dnese", _LAYERS, "layers", "Dense"),
        ("dense", _LAYERS, "layers", "Dense"),
        ("Conv2d", _LAYERS, "layers", "Conv2D"),
        ("conv_2d", _LAYERS, "layers", "Conv2D"),
        ("Convolution", _LAYERS, "layers", "Conv2D"),
        ("MaxPool2d", _LAYERS, "layers", "MaxPool2D"),
        ("AvgPool2d", _LAYERS, "layers", "AvgPool2D"),
        ("nn.Linear", _LAYERS, "layers", "Dense"),
        ("torch.nn.BatchNorm2d", _LAYERS, "layers", "BatchNormalization"),
        ("tf.keras.layers.LSTM", _LAYERS, "layers", "LSTM"),
        ("BatchNorm", _LAYERS, "layers", "BatchNormalization"),
        ("ops.linalg.det", _FUNCTIONS, "ops", "ops.det"),
        ("ops.numpy.ad", ("ops.add", "ops.sum"), "ops", "ops.add"),
        ("ops.resize", _FUNCTIONS, "ops", "ops.image.resize"),
        ("ops.cat", _FUNCTIONS, "ops", "ops.concatenate"),
        ("adma", _OPTIMIZERS, "optimizers", "adam"),
        ("Adma", _OPTIMIZERS, "optimizers", "Adam"),
        ("GradientDescentOptimizer", _OPTIMIZERS, "optimizers", "SGD"),
        ("acuracy", _METRICS, "metrics", "accuracy"),
        ("Acuracy", _METRICS, "metrics", "Accuracy"),
        ("f1", _METRICS, "metrics", "f1_score"),
        ("L1Loss", _LOSSES, "losses", "MeanAbsoluteError"),
        ("l1_loss", _LOSSES, "losses", "mean_absolute_error"),
        ("cross_entropy", _LOSSES, "losses", "crossentropy"),
        ("lr", ("learning_rate", "epsilon"), "arguments of optimizers", "learning_rate"),
        ("neurons", ("units", "activation"), "arguments of layers", "units"),
        ("out_channels", ("filters", "kernel_size"), "arguments of layers", "filters"),
        ("learning rate", ("learning_rate", "epsilon"), "", "learning_rate"),
        ("learning-rate", ("learning_rate", "epsilon"), "", "learning_rate"),
        ("nb_epoch", ("epochs", "batch_size"), "fit", "epochs"),
        ("activaton", ("activation", "use_bias"), "arguments of layers", "activation"),
        ("filtres", ("filters", "kernel_size"), "arguments of layers", "filters"),
    ],
)
def test_what_was_surely_meant(word: str, known: tuple[str, ...], context: str, meant: str) -> None:
    assert suggestion(word, known, context) == Suggestion((meant,), certain=True)


@pytest.mark.parametrize(
    ("word", "known", "context", "meant"),
    [
        ("Norm", _LAYERS, "layers", ("BatchNormalization", "LayerNormalization")),
        ("CrossEntropyLoss", _LOSSES, "losses", ("SparseCategoricalCrossentropy",)),
        ("xavier", ("glorot_normal", "glorot_uniform"), "initializers", ("glorot_uniform", "glorot_normal")),
        ("beta_3", ("beta_1", "epsilon"), "arguments of optimizers", ("beta_1",)),
        ("l3", ("l1", "l2"), "", ("l1", "l2")),
        ("rat", ("rate",), "", ("rate",)),
        ("tower_b", ("tower_a", "stem"), "", ("tower_a",)),
        ("z_train", ("x_train", "path"), "", ("x_train",)),
        ("batch_sze", ("batch_sizes", "epochs"), "", ("batch_sizes",)),
    ],
)
def test_what_was_perhaps_meant(word: str, known: tuple[str, ...], context: str, meant: tuple[str, ...]) -> None:
    assert suggestion(word, known, context) == Suggestion(meant, certain=False)


@pytest.mark.parametrize(
    ("word", "known", "context"),
    [
        ("zebra", _LAYERS, "layers"),
        ("gelu", _LAYERS, "layers"),
        ("RAdam", _OPTIMIZERS, "optimizers"),
        ("Adan", _OPTIMIZERS, "optimizers"),
        ("in_channels", ("filters", "activation"), "arguments of layers"),
        ("c", ("a", "b"), ""),
        ("", ("a",), ""),
        ("a", (), ""),
    ],
)
def test_nothing_is_suggested_for_what_is_far_or_something_else(
    word: str, known: tuple[str, ...], context: str
) -> None:
    assert suggestion(word, known, context) is None


def test_equally_near_names_are_all_told() -> None:
    assert Suggestion(("a", "b", "c")).help == "did you mean `a`, `b` or `c`?"
    assert Suggestion(("a",)).help == "did you mean `a`?"


@given(st.sampled_from([name for name in _LAYERS if len(name) > 4]), st.data())
def test_two_letters_swapped_are_seen_through(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(name) - 3))
    slip = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    assert suggest(slip, [name]) == name


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=6))
def test_only_known_names_are_suggested(word: str, known: list[str]) -> None:
    assert suggest(word, known) in (None, *known)
