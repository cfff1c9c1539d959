"""Which way a metric gets better, as Keras has it."""

from __future__ import annotations

import pytest

from mnistspec.lints.measured import HIGHER, LOWER

_NEEDED = {
    "PrecisionAtRecall": {"recall": 0.5}, "RecallAtPrecision": {"precision": 0.5},
    "SensitivityAtSpecificity": {"specificity": 0.5}, "SpecificityAtSensitivity": {"sensitivity": 0.5},
    "MeanIoU": {"num_classes": 2}, "OneHotMeanIoU": {"num_classes": 2}, "BinaryIoU": {},
    "IoU": {"num_classes": 2, "target_class_ids": [0]}, "OneHotIoU": {"num_classes": 2, "target_class_ids": [0]},
    "MeanMetricWrapper": {"fn": max},
}  # fmt: skip


@pytest.mark.keras
def test_every_metric_has_the_direction_that_keras_gives_it() -> None:
    import keras

    from mnistspec import catalogue

    names = sorted({facts.name for facts in catalogue.load()["metrics"].classes.values()})
    made = {name: getattr(keras.metrics, name)(**_NEEDED.get(name, {})) for name in names}
    ways = {name: getattr(metric, "_direction", None) for name, metric in made.items()}
    assert {name for name in names if ways[name] == "up"} == HIGHER
    assert {name for name in names if ways[name] == "down"} == LOWER
