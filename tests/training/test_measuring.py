from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.keras


@pytest.mark.parametrize("steps_at_once", [1, 2, 64])
def test_every_example_is_measured_once_an_epoch_whatever_the_goes(
    tiny: ModuleType, tmp_path: Path, steps_at_once: int
) -> None:
    """23 examples in batches of 5: the last is smaller, and the last go too."""
    model, validation = tiny.model(), tiny.examples(23, seed=1)
    history = tiny.fit(model, tmp_path, validation=validation, validation_batch_size=5, steps_at_once=steps_at_once)
    loss, accuracy = model.evaluate(validation.x, validation.y, batch_size=5, verbose=0)
    assert (history.rows[-1]["val_loss"], history.rows[-1]["val_accuracy"]) == (loss, accuracy)


def test_larger_batches_measure_the_same_but_for_rounding(tiny: ModuleType, tmp_path: Path) -> None:
    validation = tiny.examples(23, seed=1)
    some = tiny.fit(tiny.model(dropout=0.3), tmp_path, validation=validation)
    many = tiny.fit(tiny.model(dropout=0.3), tmp_path, validation=validation, at_once_in_validation=1024)
    assert many.rows[-1]["loss"] == some.rows[-1]["loss"]
    assert many.rows[-1]["val_loss"] == pytest.approx(some.rows[-1]["val_loss"], rel=1e-5)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_examples_still_to_be_prepared_measure_the_same(tiny: ModuleType, run_eagerly: bool) -> None:
    from mnistspec.training.evaluating import evaluated

    before, later = tiny.both_ways(23)
    found = [
        evaluated(tiny.model(run_eagerly=run_eagerly), given.x, given.y, given.count, 5, None)
        for given in (before, later)
    ]
    assert found[0] == found[1]
