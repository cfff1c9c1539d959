"""The rules by which losses and metrics meet shapes are those of Keras: asked for drawn shapes, one case at a time."""

from __future__ import annotations

import itertools
import random
import warnings
from functools import cache

import pytest

from mnistspec import check
from mnistspec.calls import Call
from mnistspec.lints.comparisons import LOSSES, METRICS, Fit, compare
from mnistspec.shapes.base import Shape

_SHAPES: tuple[Shape, ...] = (
    (), (1,), (10,), (4,), (4, 10), (4, 1), (1, 10), (4, 4), (4, 4, 1), (4, 4, 3), (4, 10, 1), (5, 5, 1), (4, 4, 10),
)  # fmt: skip
_ARGUMENTS = {
    "CategoricalGeneralizedCrossEntropy": "q: 0.5",
    "IoU": "num_classes: 2, target_class_ids: [0]",
    "MeanIoU": "num_classes: 2",
    "OneHotIoU": "num_classes: 10, target_class_ids: [0]",
    "OneHotMeanIoU": "num_classes: 10",
    "PrecisionAtRecall": "recall: 0.5",
    "RecallAtPrecision": "precision: 0.5",
    "SensitivityAtSpecificity": "specificity: 0.5",
    "SpecificityAtSensitivity": "sensitivity: 0.5",
}


def _written(name: str) -> str:
    return f"{{{name}: {{{_ARGUMENTS[name]}}}}}" if name in _ARGUMENTS else name


@cache
def _loss(name: str) -> Call:
    return _calls(f"loss: {_written(name)}")[0]


@cache
def _metric(name: str) -> Call:
    return _calls(f"loss: mse, metrics: [{_written(name)}]")[1]


def _calls(compile: str) -> tuple[Call, ...]:
    text = f"mnistspec: 1\nmodel: {{kind: sequential, input: [8], layers: [Flatten]}}\ncompile: {{{compile}}}\n"
    spec = check(text).spec
    assert spec is not None and spec.compile is not None
    loss, metrics = spec.compile.loss, spec.compile.metrics or ()
    assert isinstance(loss, Call) and isinstance(metrics, tuple)
    return (loss, *metrics)


def _said(kind: str, name: str, wanted: Shape, given: Shape) -> Fit | None:
    if kind == "loss":
        return compare(LOSSES, _loss(name), wanted, given)
    return compare(METRICS, _metric(name), wanted, given)


@pytest.mark.parametrize(
    ("kind", "name", "wanted", "given", "fit"),
    [
        ("loss", "mse", (10,), (10,), Fit.ONE_TO_ONE),
        ("loss", "mse", (), (1,), Fit.ONE_TO_ONE),
        ("loss", "mse", (28, 28), (28, 28, 1), Fit.ONE_TO_ONE),
        ("loss", "mse", (10,), (1,), Fit.REPEATED),
        ("loss", "mse", (10,), (28, 10), Fit.IMPOSSIBLE),
        ("loss", "mse", (None,), (28,), None),
        ("loss", "binary_crossentropy", (10,), (1,), Fit.IMPOSSIBLE),
        ("loss", "categorical_crossentropy", (None,), (28, 10), Fit.IMPOSSIBLE),
        ("loss", "sparse_categorical_crossentropy", (), (28, 10), Fit.IMPOSSIBLE),
        ("loss", "sparse_categorical_crossentropy", (28,), (28, 10), Fit.ONE_TO_ONE),
        ("loss", "sparse_categorical_crossentropy", (None,), (28, 10), None),
        ("loss", "crossentropy", (), (28, 10), Fit.IMPOSSIBLE),
        ("loss", "crossentropy", (28, 1), (28, 10), Fit.ONE_TO_ONE),
        ("metric", "binary_crossentropy", (), (1,), Fit.IMPOSSIBLE),
        ("metric", "KLDivergence", (), (1,), Fit.REPEATED),
        ("metric", "accuracy", (), (1,), Fit.ONE_TO_ONE),
        ("metric", "accuracy", (None,), (10,), None),
        ("metric", "AUC", (28, 28), (28, 28, 1), Fit.ONE_TO_ONE),
        ("metric", "AUC", (None, 28), (28, 28, 1), None),
    ],
)
def test_how_shapes_meet(kind: str, name: str, wanted: Shape, given: Shape, fit: Fit | None) -> None:
    assert _said(kind, name, wanted, given) is fit


def _drawn() -> list[tuple[str, str, Shape, Shape]]:
    names = [("loss", name) for name in (*LOSSES, "crossentropy")]
    names += [("metric", name) for name in (*METRICS, "accuracy")]
    draw = random.Random(7)
    pairs = list(itertools.product(_SHAPES, _SHAPES))
    return [(kind, name, *pair) for kind, name in names for pair in draw.sample(pairs, 12)]


@pytest.mark.keras
def test_what_is_said_is_what_keras_does() -> None:
    warnings.simplefilter("ignore")
    drawn, known = _drawn(), 0
    for kind, name, wanted, given in drawn:
        said = _said(kind, name, wanted, given)
        if said is not None:
            known += 1
            assert _keras_compares(kind, name, wanted, given) is (said is not Fit.IMPOSSIBLE), (name, wanted, given)
    assert len(drawn) > 600 and known > 0.95 * len(drawn)


def _keras_compares(kind: str, name: str, wanted: Shape, given: Shape) -> bool:
    """Whether one step's loss and metrics come about, on batches of a size that no other axis has."""
    import keras
    import numpy as np

    from mnistspec.exporters.keras_model import construct

    word = name in ("crossentropy", "accuracy")
    asked = name if word else construct(_loss(name) if kind == "loss" else _metric(name))
    model = keras.Sequential([keras.Input((1,)), keras.layers.Flatten()])
    model.compile(loss=asked if kind == "loss" else None, metrics=[asked] if kind == "metric" else None)
    y, y_pred = (keras.ops.convert_to_tensor(np.zeros((7, *shape), "float32")) for shape in (wanted, given))
    try:
        if kind == "loss":
            model.compute_loss(y=y, y_pred=y_pred)
        else:
            model.compute_metrics(None, y, y_pred)
    except Exception:
        return False
    return True
