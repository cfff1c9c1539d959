from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

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
    from mnistspec.training.evaluating import Measurer

    before, later = tiny.both_ways(23)
    found = [
        Measurer(tiny.model(run_eagerly=run_eagerly)).evaluated(given.x, given.y, given.count, 5, None)
        for given in (before, later)
    ]
    assert found[0] == found[1]


def test_what_was_traced_for_one_split_serves_another(tiny: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other examples, and another number of them, are no other graph; a smaller last batch of a new size is."""
    from mnistspec.training.evaluating import Measurer

    model = tiny.model()
    alone = [Measurer(model).evaluated(each.x, each.y, each.count, 5, None) for each in splits_of(tiny)]
    traced, original, measurer = [], model.test_step, Measurer(model)
    monkeypatch.setattr(model, "test_step", lambda batch: [traced.append(batch[0].shape[0]), original(batch)][1])
    together = [measurer.evaluated(each.x, each.y, each.count, 5, None) for each in splits_of(tiny)]
    assert together == alone
    assert sorted(traced) == [2, 3, 5]


def splits_of(tiny: ModuleType) -> list[Any]:
    """Examples of one form: 23, 12 and 10 of them."""
    return [tiny.examples(count, seed=count) for count in (23, 12, 10)]
